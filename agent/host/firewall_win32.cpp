// The Windows firewall by its automation interface, INetFwPolicy2; the rule is found by its name.
#include "agent/host/service_names_win32.hpp"
#include "agent/host/service_setup_win32.hpp"

#include <memory>
#include <netfw.h>
#include <oleauto.h>

namespace imc::host {
namespace {

struct Release {
    void operator()(IUnknown* object) const { object->Release(); }
};
template <class T>
using Com = std::unique_ptr<T, Release>;

struct FreeText {
    void operator()(OLECHAR* text) const { SysFreeString(text); }
};
using Text = std::unique_ptr<OLECHAR, FreeText>;

Text text(const std::wstring& value) {
    return Text(SysAllocString(value.c_str()));
}

// COM for as long as it is needed on this thread; it may be there already.
class Apartment {
public:
    Apartment() : result_(CoInitializeEx(nullptr, COINIT_MULTITHREADED)) {}
    ~Apartment() {
        if (SUCCEEDED(result_)) CoUninitialize();
    }
    Apartment(const Apartment&) = delete;
    Apartment& operator=(const Apartment&) = delete;

private:
    HRESULT result_;
};

HRESULT rules_of_firewall(Com<INetFwRules>& rules) {
    void* made = nullptr;
    HRESULT result = CoCreateInstance(__uuidof(NetFwPolicy2), nullptr, CLSCTX_INPROC_SERVER, __uuidof(INetFwPolicy2), &made);
    if (FAILED(result)) return result;
    const Com<INetFwPolicy2> policy(static_cast<INetFwPolicy2*>(made));
    INetFwRules* found = nullptr;
    result = policy->get_Rules(&found);
    rules.reset(found);
    return found == nullptr && SUCCEEDED(result) ? E_NOTIMPL : result;
}

}  // namespace

HRESULT set_firewall_rule(const std::wstring& program, std::uint16_t port) {
    const Apartment apartment;
    Com<INetFwRules> rules;
    HRESULT result = rules_of_firewall(rules);
    if (FAILED(result)) return result;
    void* made = nullptr;
    result = CoCreateInstance(__uuidof(NetFwRule), nullptr, CLSCTX_INPROC_SERVER, __uuidof(INetFwRule), &made);
    if (FAILED(result)) return result;
    const Com<INetFwRule> rule(static_cast<INetFwRule*>(made));
    const auto name = text(service_display_name);
    const auto file = text(program);
    const auto ports = text(std::to_wstring(port));
    const auto description = text(L"Lets callers in to the API of ImageManager Connector.");
    rule->put_Name(name.get());
    rule->put_Description(description.get());
    rule->put_ApplicationName(file.get());
    rule->put_Protocol(NET_FW_IP_PROTOCOL_TCP);
    rule->put_LocalPorts(ports.get());
    rule->put_Direction(NET_FW_RULE_DIR_IN);
    rule->put_Action(NET_FW_ACTION_ALLOW);
    rule->put_Profiles(NET_FW_PROFILE2_ALL);
    rule->put_Enabled(VARIANT_TRUE);
    static_cast<void>(rules->Remove(name.get()));
    return rules->Add(rule.get());
}

HRESULT remove_firewall_rule() {
    const Apartment apartment;
    Com<INetFwRules> rules;
    const HRESULT result = rules_of_firewall(rules);
    if (FAILED(result)) return result;
    const HRESULT removed = rules->Remove(text(service_display_name).get());
    return removed == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND) ? S_OK : removed;
}

HRESULT find_firewall_rule(bool& there) {
    const Apartment apartment;
    Com<INetFwRules> rules;
    const HRESULT result = rules_of_firewall(rules);
    if (FAILED(result)) return result;
    INetFwRule* found = nullptr;
    const HRESULT asked = rules->Item(text(service_display_name).get(), &found);
    const Com<INetFwRule> rule(found);
    there = SUCCEEDED(asked) && found != nullptr;
    return asked == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND) ? S_OK : asked;
}

}  // namespace imc::host

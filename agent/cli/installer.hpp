// What the Windows installer has the program do: hidden verbs, whose contract is with installer/product.wxs of the same
// and of the next version alone. What it is not: for people; they use imconnector service.
#pragma once

#include "agent/cli/verbs.hpp"
#include "agent/host/service_control.hpp"

#include <string>
#include <vector>

namespace imc::cli {

// As the installer's properties have them; empty: not given, so that what is there stays.
struct InstallerOptions {
    std::string port;
    std::string folders;          // separated by semicolons
    std::string discovery_roots;  // separated by semicolons
    std::string firewall;         // "1", "0"
    std::string account;          // as ServiceOptions
    bool first = false;           // the product was not there before
};

// Before anything is replaced: stops the service and keeps the program, the configuration and the databases beside
// themselves, with whether the service ran. By the version that is there.
int installer_keep(const Context& context);
// Configuration, service, access, event source, firewall. Fails only where the agent could not work.
int installer_configure(const Context& context, const InstallerOptions& options);
// Keeps the join code that comes by standard input for the service, which joins the relay with it; an installation does not wait for a
// network. By the library of the package (installer/windows/hand_over_win32.cpp). A code that is none is told as a finding, too.
int installer_join(const Context& context);
// Starts the service, unless it did not run when its program was kept.
int installer_start(const Context& context);
// Before the service is removed: stops it, and waits until its process has ended.
int installer_stop(const Context& context);
// After an upgrade that failed, by the kept program.
int installer_restore(const Context& context);
// After one that did not.
int installer_forget(const Context& context);
// Before the program goes. Purging takes the agent's own files away, by their names, and never a folder with others in it.
int installer_remove(const Context& context, bool purge);

// service.cpp
[[nodiscard]] std::vector<host::SetupStep> configured(const Context& context, const ServiceOptions& options);

}  // namespace imc::cli

// One look at one folder, as two steps on pool threads: reading it, and (only where something changed) judging it.
// What it is not: a schedule (scanner.hpp) or a database. Values in, values out; blocks.
#pragma once

#include "agent/config/config.hpp"
#include "agent/engine/folder_set.hpp"
#include "agent/engine/records_view.hpp"
#include "agent/scan/walk.hpp"
#include "agent/store/checks.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace imc::engine {

// What was read of a folder.
struct Reading {
    scan::FolderLook look;
    std::vector<std::string> children;  // of a backup store
    std::uint64_t digest = 0;           // of the look and of the rules it is judged by
};

// How folders are read and judged; the same for all, made anew with each configuration.
struct LookRules {
    std::shared_ptr<const config::Config> config;
    spchain::Rules primary;
    spchain::Rules replica;
    std::uint64_t fingerprint = 0;  // changes when the same listing would be judged otherwise
    std::shared_ptr<const RecordsView> records = std::make_shared<RecordsView>();

    [[nodiscard]] spchain::Rules of(const FolderSpec& spec) const;
    [[nodiscard]] scan::Limits limits() const;
};
[[nodiscard]] LookRules look_rules(std::shared_ptr<const config::Config> config, spchain::UnixTime now);

[[nodiscard]] boost::system::result<Reading> read_folder(const FolderSpec& spec, const LookRules& rules, spchain::UnixTime now,
                                                         std::stop_token stop);

// The record of a folder as its specification and the last record (if any) say, before a look.
[[nodiscard]] store::FolderRecord record_of(const FolderSpec& spec, const store::FolderRecord* last, spchain::UnixTime now);

// `memory` is what the store remembers of the folder, `statements` what is said of its images; `last` its record before this look.
[[nodiscard]] store::FolderChange judge_folder(const FolderSpec& spec, const store::FolderRecord& last, const Reading& reading,
                                               std::vector<spchain::Memory> memory, const store::Statements& statements,
                                               const LookRules& rules, spchain::UnixTime now);

// When the same listing would be judged otherwise because time passed: files settle, sidecars become due, news gets old.
[[nodiscard]] spchain::UnixTime judge_again_at(const store::FolderRecord& folder, const store::FolderChange& change, const LookRules& rules,
                                               spchain::UnixTime now);

}  // namespace imc::engine

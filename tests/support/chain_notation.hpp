// A chain in a line of text, so that a test of an analysis is two lines:
//
//     auto c = chain("b1 i1..i48 cd@24 cd@48 !i30");
//     CHECK(c.verdict("i29") == Verdict::certain);
//
// Words: "bN" base; "iN", "iN..iM" raw increments; "dN" differential, after which numbers are its own; "cd@N" "cw@N"
// "cm@N" "cr@N" "cx@N" consolidations that end at N; "!word" takes files away again; "day=N" increments a day (24);
// "md5" gives every image its sidecar; "fresh" lets the last file be written just now. Day 0 is a Monday, UTC;
// increment N is written on day (N-1)/day, consolidations after the midnight that follows.
#pragma once

#include "spchain/folder.hpp"

#include <string>
#include <vector>

namespace notation {

struct Chain {
    std::vector<spchain::Entry> entries;
    std::vector<spchain::Memory> memory;
    spchain::UnixTime previous_look = spchain::no_time;
    spchain::UnixTime now = 0;
    spchain::Rules rules;
    spchain::FolderReport report;  // of the last look()

    void look();        // analyses as a first look
    void look_again();  // remembers the last report and analyses anew
    void remove(const std::string& word);
    void add(const std::string& words);
    [[nodiscard]] const spchain::Chain& only() const;
    [[nodiscard]] spchain::Verdict verdict(const std::string& point) const;  // "b", "i12", "d1", "d1i2"
    [[nodiscard]] const spchain::Image& image(const std::string& word) const;
    [[nodiscard]] std::vector<std::string> set(const std::string& point) const;  // words of its restore set
    [[nodiscard]] const spchain::Finding* finding(spchain::FindingCode code) const;

private:
    void file(const std::string& word, std::uint32_t number);
    std::uint32_t base_ = 1;
    std::uint32_t differential_ = 0;
    int per_day_ = 24;
    bool md5_ = false;
};

[[nodiscard]] Chain chain(const std::string& words);  // made and looked at once
[[nodiscard]] std::string word_of(const std::string& file_name);

}  // namespace notation

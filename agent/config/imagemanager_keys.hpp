// The keys of [imagemanager] and [[imagemanager.path]]; a part of the table in keys.cpp. What it is not: public.
#pragma once

#include "agent/config/key_field.hpp"

namespace imc::config {

inline constexpr Key imagemanager_keys[] = {
    {.name = "enabled", .field = at<&Config::imagemanager_enabled>, .sentence = "Whether ImageManager's own records are read at all."},
    {.name = "database",
     .field = at<&Config::imagemanager_database>,
     .sentence = "The file ImageManager.mdb. It is only ever read. Empty: beside the program.",
     .form = Form::absolute_path,
     .empty = true},
    {.name = "program",
     .field = at<&Config::imagemanager_program>,
     .sentence = "The file ImageManager.exe, whose version is told. Empty: as its service says, else where a usual installation has it.",
     .form = Form::absolute_path,
     .empty = true},
    {.name = "logs",
     .field = at<&Config::imagemanager_logs>,
     .sentence = "The directory of ImageManager's own logs. Empty: Logs beside the program or the database.",
     .form = Form::absolute_path,
     .empty = true},
    {.name = "events",
     .field = at<&Config::imagemanager_events>,
     .sentence =
         "A file with the Windows Application log as XML, as wevtutil qe Application /f:xml writes it. Empty: the event log of this "
         "computer, where it has one.",
     .form = Form::absolute_path,
     .empty = true},
    {.name = "poll_seconds",
     .field = at<&Config::poll_seconds>,
     .sentence = "Time between looks at whether the database has changed.",
     .unit = "seconds",
     .low = 5,
     .high = 86'400},
    {.name = "lag_seconds",
     .field = at<&Config::lag_seconds>,
     .sentence = "How long the database and the disk may differ before it is told.",
     .unit = "seconds",
     .low = 0,
     .high = 604'800},
    {.name = "verify_days",
     .field = at<&Config::verify_days>,
     .sentence = "Days that ImageManager may verify nothing in a folder while new images come. 0: never tell.",
     .unit = "days",
     .low = 0,
     .high = 3650},
    {.name = "replication_days",
     .field = at<&Config::replication_days>,
     .sentence = "Days that an image may wait for replication or HeadStart. 0: never tell.",
     .unit = "days",
     .low = 0,
     .high = 3650},
    {.name = "rotation_days",
     .field = at<&Config::rotation_days>,
     .sentence = "The same for a disk or share that is not there, as rotated disks are most of the time. 0: never tell.",
     .unit = "days",
     .low = 0,
     .high = 3650},
};

inline constexpr Key path_keys[] = {
    {.name = "from",
     .field = at<&PathRule::from>,
     .sentence = "As ImageManager writes it; what lies below is meant, too. Case does not matter.",
     .required = true,
     .example = R"('D:\Backups')"},
    {.name = "to",
     .field = at<&PathRule::to>,
     .sentence = "Where the agent finds it.",
     .form = Form::absolute_path,
     .required = true,
     .example = R"('E:\Mirror\Backups')"},
};

}  // namespace imc::config

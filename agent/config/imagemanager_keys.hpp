// The keys of [imagemanager] and [[imagemanager.path]]; a part of the table in keys.cpp. What it is not: public.
#pragma once

#include "agent/config/key_field.hpp"

namespace imc::config {

inline constexpr Key imagemanager_keys[] = {
    {.name = "database",
     .field = at<&Config::imagemanager_database>,
     .sentence = "The file ImageManager.mdb. It is only ever read. Empty: where a usual installation has it.",
     .form = Form::absolute_path,
     .empty = true},
    {.name = "logs",
     .field = at<&Config::imagemanager_logs>,
     .sentence = "The directory of ImageManager's own logs. Empty: Logs beside the database.",
     .form = Form::absolute_path,
     .empty = true},
    {.name = "events",
     .field = at<&Config::imagemanager_events>,
     .sentence =
         "A file with the Windows Application log as XML, as wevtutil qe Application /f:xml writes it. Empty: the event log of this "
         "computer, where it has one.",
     .form = Form::absolute_path,
     .empty = true},
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

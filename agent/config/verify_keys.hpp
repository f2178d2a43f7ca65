// The keys of [verify]; a part of the table in keys.cpp. What it is not: public.
#pragma once

#include "agent/config/key_field.hpp"

namespace imc::config {

inline constexpr Key verify_keys[] = {
    {.name = "enabled",
     .field = at<&Config::verify_enabled>,
     .sentence =
         "Read images in the hours of window and compare them with their .md5 files, those first that most restore points hang on."},
    {.name = "window",
     .field = at<&Config::verify_window>,
     .sentence = "The hours, by the clock of this computer, such as \"22:00-06:00\". The same time twice: always.",
     .form = Form::window},
    {.name = "bytes_per_night",
     .field = at<&Config::verify_bytes_per_night>,
     .sentence = "Most to be read in one window. A single larger image is read all the same when it is its turn. 0: nothing.",
     .unit = "bytes",
     .low = 0,
     .high = eib,
     .bytes = true},
    {.name = "bytes_per_second",
     .field = at<&Config::verify_bytes_per_second>,
     .sentence = "Most to be read in a second, so that backups and ImageManager have the disk, too; also of checks that are asked for. "
                 "0: as fast as it goes.",
     .unit = "bytes",
     .low = 0,
     .high = eib,
     .bytes = true},
    {.name = "again_days",
     .field = at<&Config::verify_again_days>,
     .sentence = "An image that was good is not read again for so long.",
     .unit = "days",
     .low = 0,
     .high = 36'500},
};

}  // namespace imc::config

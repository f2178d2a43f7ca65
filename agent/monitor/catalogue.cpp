#include "agent/monitor/catalogue.hpp"

namespace imc::monitor {
namespace {

// Ordered as a reader meets them: restoring, backing up, the folder, the disk, the agent.
constexpr CatalogueEntry entries[] = {
    {"chain_broken", "critical", "shadowprotect", "msp", false, "Restore points cannot be restored",
     "A file that later images depend on was deleted, moved or never copied here, and no consolidated image bridges it.",
     "The restore points named cannot be restored from this folder. When the newest point is among them, neither can the latest state of "
     "the volume.",
     "Bring the missing files back from a replica or an older copy; if there is none, start a new base and keep what can still be "
     "restored."},
    {"chain_doubtful", "warning", "shadowprotect", "msp", false, "A consolidated image is probably missing",
     "File names do not say where a consolidated image begins; the calendar and the numbering say that one before it should exist and "
     "does not.",
     "The restore points named may or may not be restorable: names allow it, everything else speaks against it.",
     "Compare the folder with a replica or a listing from earlier, bring back what is missing, or mount the newest point to make sure."},
    {"points_retired", "info", "imagemanager", "nobody", true, "Retention is removing a period",
     "Retention removes the images of a consolidated period one by one, oldest first, so what is left of the period hangs on nothing.",
     "Points inside that period cannot be restored any more; its end can, by the consolidated image.",
     "Nothing needs to be done; keep daily or intra-daily images longer in ImageManager if such points are wanted."},
    {"base_missing", "critical", "shadowprotect", "msp", false, "A full image is missing",
     "The .spf file of a base was deleted, moved or never copied here, while images that depend on it are still there.",
     "Nothing of that chain can be restored from this folder.",
     "Bring the full image back from a replica or an older copy; if there is none, start a new base."},
    {"span_gap", "critical", "shadowprotect", "msp", false, "Part of a spanned image is missing",
     "An image that was split into several files lacks some of them between others.",
     "The image cannot be read, and neither can any restore point that needs it.",
     "Bring the missing parts back from a replica or an older copy; if there is none, start a new base."},
    {"empty_image", "critical", "storage", "msp", false, "An image is empty",
     "A backup or a copy was cut off, or the disk was full, and a file of zero bytes remained.",
     "The image holds nothing, so restore points that need it cannot be restored.",
     "Find out why writing failed, then bring the file back from a replica, or delete it and let ShadowProtect start anew."},
    {"bad_log", "critical", "shadowprotect", "msp", false, "Verification has failed",
     "ImageManager could not verify an image and wrote a bad.log beside it. A failed verification is not always damage: a slow or "
     "interrupted share gives the same result.",
     "The images named in the log may be damaged. A critical entry makes ShadowProtect stop making backups on that chain.",
     "Verify the images named in the log again. If they are good, remove the bad.log; if not, bring them back from a replica or start a "
     "new base."},
    {"md5_missing", "critical", "imagemanager", "msp", false, "An image has no .md5 file",
     "The .md5 file was deleted, kept back by a copy job or a virus scanner, or the image was never finished.",
     "ImageManager takes the image for corrupt and does not process the chain; ShadowProtect stops making backups on it.",
     "Bring the .md5 file back from a replica. If there is none, verify the image and start a new base where it fails."},
    {"image_vanished", "warning", "storage", "msp", false, "An image disappeared",
     "A file that was there at an earlier look is gone, and neither retention nor consolidation explains it.",
     "Restore points that needed the file may be lost, and whatever removed it may remove more.",
     "Find out what deleted the file, such as a person, a virus scanner, ransomware or a clean-up job, and bring it back from a replica."},
    {"new_base", "warning", "shadowprotect", "msp", false, "A new base was begun",
     "ShadowProtect starts a new base when it cannot find the files that the next increment depends on, after a crash, or when "
     "somebody starts one.",
     "Older restore points stay on the old chain. ImageManager does not remove the old chain, so both take space.",
     "Find out why the new base was begun. Once the old chain is needed no longer, delete all of its files together."},
    {"unconventional_image", "info", "shadowprotect", "msp", false, "An image belongs to no chain",
     "A file has the extension of an image, but its name does not say which volume and base it belongs to.",
     "It may be a complete backup, but it is left out of every answer about restore points.",
     "Leave it if it is meant to be there; otherwise give it back its original name or move it away."},
    {"duplicate_image", "warning", "shadowprotect", "msp", false, "Two files are the same image",
     "Two names differ in spelling only, such as -d001 and -d001-i000, as happens when copies of a folder are merged.",
     "Which of the two a restore would take is not known, and their contents may differ.",
     "Compare the two files and move one of them away."},
    {"apostrophe", "warning", "imagemanager", "msp", false, "A name has an apostrophe",
     "The path of the folder or the name of a file holds an apostrophe, which ImageManager does not support.",
     "ImageManager may fail to verify, consolidate or replicate these files.",
     "Rename the folder or the volume so that the apostrophe is gone, and start a new base where files are concerned."},
    {"times_lost", "info", "storage", "msp", false, "File times are lost",
     "The files were copied without their times, so all are equal or lie in impossible years.",
     "The calendar cannot be used to notice missing consolidated images, so answers about restore points are presumed at best.",
     "Copy with times next time, such as with robocopy /COPY:DAT; nothing needs to be done for the files that are there."},
    {"volume_stale", "warning", "shadowprotect", "msp", false, "No new backup",
     "Backups have stopped: the machine is off or gone, the job is disabled or failing, the share is unreachable, or the chain was "
     "stopped after a failed verification.",
     "Everything changed on the volume since the newest image would be lost.",
     "Look at the ShadowProtect job on the machine. If the machine was retired, set its days of grace to 0."},
    {"volume_vanished", "critical", "storage", "msp", false, "All images of a volume are gone",
     "Every image of a volume that was there before is gone from its folder.", "The volume cannot be restored from this folder.",
     "Find out who or what removed the images and bring them back. If the machine was retired, set the volume's days of grace to 0."},
    {"old_base", "warning", "shadowprotect", "msp", false, "The base is old",
     "A continuous chain has been growing on one full image for a long time.",
     "Every restore point depends on that one file, and on a chain that grows longer and slower to verify and restore.",
     "Plan a new base, and keep the old chain until the new one covers the retention that is wanted."},
    {"folder_empty", "warning", "configuration", "msp", false, "A managed folder holds no images",
     "The folder is new, its path is not the one that backups are written to, or its files were removed.",
     "Nothing can be restored from this folder.",
     "Compare the path with the destination of the ShadowProtect job, or stop managing the folder."},
    {"images_in_store_root", "warning", "imagemanager", "msp", false, "Images lie in the root of a backup store",
     "A job writes into the root of a backup store instead of a folder below it.",
     "ImageManager manages exactly one level below: images in the root are neither verified nor consolidated, replicated or pruned.",
     "Change the job's destination to a folder below the store and move the images there."},
    {"folder_unreadable", "warning", "storage", "msp", false, "A folder cannot be read",
     "The share or disk is not there, the account of the agent may not read it, or reading takes longer than the limit.",
     "Nothing new is known of the backups in it; what is shown is the last that was known.",
     "Check that the path exists and that the account of the agent's service may read it."},
    {"folder_conflict", "warning", "configuration", "msp", false, "One directory is managed twice",
     "Two managed folders lead to the same directory, by a link, a mapped drive or two spellings.",
     "Volumes are counted twice, and two ImageManager jobs on one directory disturb each other.",
     "Remove one of the two folders from the configuration and from ImageManager."},
    {"unmanaged_folder", "info", "configuration", "msp", false, "Images in a folder that nobody manages",
     "A folder below a discovery root holds images and is neither configured nor adopted.",
     "Its backups are not watched, and perhaps neither verified nor consolidated.",
     "Adopt the folder, add it to ImageManager, or move it away if it is an archive."},
    {"space_low", "warning", "storage", "msp", false, "The disk is nearly full",
     "Images grow faster than retention removes them, or something else fills the disk.",
     "When the disk is full, backups and consolidation fail and images may be cut off.",
     "Free space, extend the disk, or shorten retention in ImageManager."},
    {"quota_exceeded", "warning", "storage", "client", false, "A quota is passed",
     "The images of a customer or a folder take more space than was agreed.", "Nothing is lost; the space is more than what was agreed on.",
     "Agree on a larger quota, shorten retention, or take volumes out of the backup."},
    {"clock_wrong", "warning", "operating_system", "msp", false, "A clock is wrong",
     "The clock of this computer, or of the machine that writes the images, is off by more than a day.",
     "How old the backups are cannot be told, so missing backups may go unnoticed.",
     "Set the clocks of this computer and of the machines that write here, and let them follow a time server."},
    {"scan_overdue", "warning", "agent", "msp", true, "A folder was not looked at for too long",
     "Looks at other folders take very long, the computer is overloaded or was asleep, or the agent is stuck.",
     "What is told of the folder may be out of date.",
     "See the agent's log for slow folders, raise scan.parallel_folders, and restart the service if it stays."},
    {"discovery_incomplete", "info", "configuration", "msp", false, "The search for folders was cut short",
     "A discovery root holds more directories than the limits allow, or some of them cannot be read.",
     "Folders with images that nobody manages may not have been found.",
     "Choose narrower discovery roots, or raise discovery.discovery_max_directories and discovery.discovery_depth."},
    {"config_refused", "warning", "configuration", "msp", false, "A new configuration was refused",
     "The configuration file was changed and has an unknown key, a wrong type or an impossible value.",
     "The agent goes on with the configuration that it had; the change has no effect.",
     "Run `imconnector check-config`, correct the lines it names, and load the file again."},
    {"api_closed", "critical", "configuration", "msp", true, "The API cannot be reached from outside",
     "An address of api.listen is in use by another program, is none of this computer, or may not be taken.",
     "Portals see this server as offline, although the agent watches its folders; only this computer reaches the agent.",
     "End the program that has the port, or choose another address in api.listen and load the configuration again; the agent tries again "
     "by itself."},
    {"certificate_expiring", "warning", "agent", "msp", false, "The certificate of the API expires",
     "The certificate that was imported or configured nears the end of its time.",
     "Once it has expired, portals that check it cannot connect any more.",
     "Put a new certificate in place; the agent picks up changed files by itself."},
    {"store_rebuilt", "warning", "agent", "msp", true, "The history was rebuilt",
     "The agent's database was damaged, was set aside, and a new one was filled by looking at all folders.",
     "What was remembered of the past is gone, so some answers are presumed where they were certain.",
     "Check the disk that holds the agent's data directory; the damaged file lies beside the new one."},
    {"disk_full", "critical", "agent", "msp", true, "The agent cannot write its data",
     "The disk that holds the agent's data directory is full.", "What the agent learns is not kept: history and findings stand still.",
     "Free space on that disk, or move agent.data_directory to another one."},
};

}  // namespace

std::span<const CatalogueEntry> catalogue() noexcept {
    return entries;
}

const CatalogueEntry* find(std::string_view code) noexcept {
    for (const CatalogueEntry& entry : entries) {
        if (entry.code == code) return &entry;
    }
    return nullptr;
}

}  // namespace imc::monitor

# What wixl 0.101 cannot say: one statement of msibuild a line, applied in this order to the tables that it made.

# Files. Of an executable Windows Installer compares versions, never contents; without a version the one that is there would stay.
UPDATE `File` SET `Version` = '@FILE_VERSION@', `Language` = '1033' WHERE `File` = 'imconnector.exe'
DELETE FROM `MsiFileHash` WHERE `File_` = 'imconnector.exe'

# Another build of the same version replaces it; otherwise there would be two products with one service.
DELETE FROM `Upgrade` WHERE `ActionProperty` = 'WIX_UPGRADE_DETECTED'
INSERT INTO `Upgrade` (`UpgradeCode`, `VersionMax`, `Attributes`, `ActionProperty`) VALUES ('{5B5C1F0E-6F4B-4C52-9C0B-7B7C6B0E7A41}', '@VERSION@', 513, 'WIX_UPGRADE_DETECTED')

INSERT INTO `LaunchCondition` (`Condition`, `Description`) VALUES ('Installed OR (VersionNT64 AND VersionNT >= 603)', 'ImageManager Connector needs 64-bit Windows 10 or Windows Server 2016, or later.')
INSERT INTO `LaunchCondition` (`Condition`, `Description`) VALUES ('Installed OR Privileged', 'Run the installation as administrator.')
INSERT INTO `LaunchCondition` (`Condition`, `Description`) VALUES ('NOT APIPORT OR (APIPORT >= 1 AND APIPORT <= 65535)', 'APIPORT is to be a port from 1 to 65535.')

# Properties that an elevated installation takes from the command line of one that is not.
UPDATE `Property` SET `Value` = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;REMEMBEREDFOLDER;INSTALLFOLDER;APIPORT;FOLDERS;DISCOVERYROOTS;FIREWALL;ACCOUNT;STARTSERVICE;JOINCODE;PURGEDATA' WHERE `Property` = 'SecureCustomProperties'

# The join code is in no log: neither the property, nor the one that is named after the step and hands it on, nor what the step gets.
INSERT INTO `Property` (`Property`, `Value`) VALUES ('MsiHiddenProperties', 'JOINCODE;Join;CustomActionData')

# The old version goes last, when the new one runs: both have the same components, so that nothing but the entry of the old one is
# removed then, and until then it can be brought back.
UPDATE `InstallExecuteSequence` SET `Sequence` = 6700 WHERE `Action` = 'RemoveExistingProducts'
DELETE FROM `InstallExecuteSequence` WHERE `Action` = 'StartServices'

# Properties made of properties: type 51.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('StayWhereItIs', 51, 'INSTALLFOLDER', '[REMEMBEREDFOLDER]')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('TellLocation', 51, 'ARPINSTALLLOCATION', '[INSTALLFOLDER]')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('TellHelp', 51, 'ARPHELPLINK', '[INSTALLFOLDER]TROUBLESHOOTING.txt')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('TellAbout', 51, 'ARPURLINFOABOUT', '[INSTALLFOLDER]README.txt')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('TellJoin', 51, 'Join', '[INSTALLFOLDER]imconnector.exe|[JOINCODE]')
INSERT INTO `InstallUISequence` (`Action`, `Condition`, `Sequence`) VALUES ('StayWhereItIs', 'REMEMBEREDFOLDER', 60)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('StayWhereItIs', 'REMEMBEREDFOLDER', 60)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('TellLocation', '', 1010)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('TellHelp', '', 1011)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('TellAbout', '', 1012)

# Removing the version before at the end of an upgrade does none of the program's steps: the service, the program and its traces are the
# new version's by then, which has put its own product code where REMEMBEREDPRODUCT is read from (UPGRADINGPRODUCTCODE would say it as
# well, but not every Windows Installer sets that). The service is stopped by a step that waits until its process has ended, since a
# program that runs is not removed.

# The program's own steps (agent/cli/installer.hpp). Types: 18 the installed program, 34 a command in a folder; 1024 deferred, 2048 as the
# system; 64 a failure does not count; 256 for the rollback, 512 once all is done; 1 a library of the package, 8192 says nothing of what it gets. Both InstallExecutes have done at once what was
# deferred up to them: the old program is kept before files change, the program removes its traces before it is removed itself.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Restore', 3426, 'INSTALLFOLDER', '"[INSTALLFOLDER]imconnector.previous.exe" service installer restore')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Keep', 3154, 'imconnector.exe', 'service installer keep')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Stop', 3154, 'imconnector.exe', 'service installer stop')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Remove', 3154, 'imconnector.exe', 'service installer remove --purge "[PURGEDATA]"')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('ConfigureFirst', 3090, 'imconnector.exe', 'service installer configure --first --port "[APIPORT]" --folders "[FOLDERS];" --discovery-roots "[DISCOVERYROOTS];" --firewall "[FIREWALL]" --account "[ACCOUNT]"')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('ConfigureAgain', 3090, 'imconnector.exe', 'service installer configure --port "[APIPORT]" --folders "[FOLDERS];" --discovery-roots "[DISCOVERYROOTS];" --firewall "[FIREWALL]" --account "[ACCOUNT]"')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Join', 11329, 'HandOver', 'HandOver')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('StartFirst', 3154, 'imconnector.exe', 'service installer start')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('StartAgain', 3090, 'imconnector.exe', 'service installer start')
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Forget', 3666, 'imconnector.exe', 'service installer forget')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Restore', 'REMEMBEREDFOLDER AND NOT (REMOVE="ALL")', 1510)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Keep', 'REMEMBEREDFOLDER AND NOT (REMOVE="ALL")', 1520)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('InstallExecute', 'REMEMBEREDFOLDER AND NOT (REMOVE="ALL")', 1530)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Stop', 'REMOVE="ALL" AND REMEMBEREDPRODUCT=ProductCode', 1890)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Remove', 'REMOVE="ALL" AND REMEMBEREDPRODUCT=ProductCode', 3440)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('InstallExecuteAgain', 'REMOVE="ALL" AND REMEMBEREDPRODUCT=ProductCode', 3450)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('ConfigureFirst', 'NOT REMEMBEREDFOLDER AND NOT REMOVE', 5910)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('ConfigureAgain', 'REMEMBEREDFOLDER AND NOT (REMOVE="ALL")', 5911)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('TellJoin', 'JOINCODE AND NOT (REMOVE="ALL")', 5914)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Join', 'JOINCODE AND NOT (REMOVE="ALL")', 5915)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('StartFirst', 'NOT REMEMBEREDFOLDER AND NOT REMOVE AND STARTSERVICE<>"0"', 5920)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('StartAgain', 'REMEMBEREDFOLDER AND NOT (REMOVE="ALL") AND STARTSERVICE<>"0"', 5921)
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Forget', 'REMEMBEREDFOLDER AND NOT (REMOVE="ALL")', 6590)

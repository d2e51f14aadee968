-- A lent session as it was at its login (12 and later; any role may): others have had it, and may have left settings by which
-- names are found or text is read differently, or another role. Each lasts until the transaction ends. Strings are read by the
-- standard whatever the login says, as all here reads them.
set local session authorization default;
set local "role" to default;
set local search_path to default;
set local standard_conforming_strings = on;
set local row_security to default;

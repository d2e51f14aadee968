-- A lent session as it was at its login (12 and later; any role may): others have had it, and may have left settings by which
-- names are found or text is read differently, or another role. Each lasts until the transaction ends.
set local session authorization default;
set local "role" to default;
set local search_path to default;
set local standard_conforming_strings to default;
set local row_security to default;

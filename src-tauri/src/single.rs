//! One app a data folder: two would both think that they own view state and jobs.

use std::fs::File;
use std::path::Path;

/// Takes the folder's lock for as long as the file is held; the kernel lets go of it if we die.
pub(crate) fn hold(folder: &Path) -> Result<File, String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let path = folder.join("app.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| format!("cannot open {}: {error}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(format!(
            "Evaldesk is already open on {}. Use its window, or set EVALDESK_DATA_DIR to another folder.",
            folder.display()
        )),
    }
}

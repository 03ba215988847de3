"""Files are written whole: under another name in the same folder, then renamed."""

import itertools
import os


def check_suffix(path, suffix, what):
    """The path as a string, or ValueError where its name ends otherwise."""
    path = os.fspath(path)
    if not isinstance(path, str):
        raise TypeError(f"{what}: path is {type(path).__name__}, expected a string or a Path")
    if not path.endswith(suffix):
        raise ValueError(f"{path}: the name of a {what} ends in {suffix}")
    return path


def write_whole(path, data):
    """Write bytes so that `path` holds all of them or what it held before."""
    try:
        with _open_beside(path) as file:
            try:
                file.write(data)
                file.close()
                os.replace(file.name, path)
            except BaseException:
                os.remove(file.name)
                raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None


def _open_beside(path):
    """A new file in the same folder; its mode follows the umask."""
    for i in itertools.count():
        try:
            return open(f"{path}.{os.getpid()}-{i}", "xb")
        except FileExistsError:
            pass

# Copies the files of a function and packs them. Links are followed. A file that cannot be packed fails the build.
import os
import re
import shutil
import stat
import zipfile

from steps import ROOT, note, refuse, remembered, setting, shown, step

# Excluded at every level: version control, secrets, and files that tools write.
NEVER = re.compile(
    r"^(\.(git|hg|svn|github|gitlab|gitmodules|gitignore|gitattributes|idea|vscode|DS_Store|aws|ssh|docker|netrc|pypirc)"
    r"|\.(npmrc|yarnrc|yarnrc\.yml|env.*|git-credentials|terraform|serverless|aws-sam|venv|eggs|yarn)"
    r"|\.(pytest_cache|mypy_cache|ruff_cache|hypothesis|tox|nox|nyc_output|coverage|gradle|bundle)"
    r"|__pycache__|node_modules|id_(rsa|dsa|ecdsa|ed25519)|.*\.egg-info|cdk\.out|Thumbs\.db)$"
)
LFS = b"version https://git-lfs.github.com/spec/"


class Files:
    def __init__(self, target, leave_out=(), is_left_out=lambda path, name: False):
        self.target = target
        self.leave_out = {os.path.realpath(path) for path in leave_out}
        self.is_left_out = is_left_out
        self.problems = []

    def copy(self, folder, into="", never=NEVER):
        # Copies a folder into the package.
        self._folder(folder, os.path.join(self.target, into), never, ())
        if self.problems:
            refuse("these files cannot be packed:\n  " + "\n  ".join(self.problems[:10]), "correct or delete them")

    def _folder(self, folder, target, never, parents):
        real = os.path.realpath(folder)
        if real in parents:
            return self.problems.append(f"{shown(folder)}: a link to one of its parent directories")
        try:
            names = sorted(os.listdir(folder))
        except OSError as error:
            return self.problems.append(f"{shown(folder)}: {error.strerror}")
        for name in names:
            path = os.path.join(folder, name)
            if (never and never.match(name)) or os.path.realpath(path) in self.leave_out or self.is_left_out(path, name):
                continue
            self._entry(path, os.path.join(target, name), never, (*parents, real))

    def _entry(self, path, target, never, parents):
        try:
            mode = os.stat(path).st_mode
            path.encode()
        except UnicodeEncodeError:
            return self.problems.append(f"{shown(path)!r}: the name is not UTF-8")
        except OSError as error:
            return self.problems.append(f"{shown(path)}: the target of the link does not exist" if os.path.islink(path) else f"{shown(path)}: {error.strerror}")
        if stat.S_ISDIR(mode):
            if os.path.exists(os.path.join(path, "pyvenv.cfg")):
                return None
            return self._folder(path, target, never, parents)
        if not stat.S_ISREG(mode):
            return self.problems.append(f"{shown(path)}: neither a file nor a directory")
        try:
            with open(path, "rb") as content:
                if content.read(len(LFS)) == LFS:
                    return self.problems.append(
                        f"{shown(path)}: a Git LFS pointer instead of the file; fetch it in buildProject.installCommands"
                    )
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(path, target)
            os.chmod(target, 0o755 if mode & 0o111 else 0o644)
        except OSError as error:
            self.problems.append(f"{shown(path)}: {error.strerror}")
        return None


def written_here(*names):
    # Files that the recipe wrote into the repository, for `leave_out`. A directory that existed before belongs to the user.
    own = (remembered("written") or "").split("\n")
    return [os.path.join(ROOT, name) for name in [*own, *names, os.environ.get("ProjectName", "") + ".zip"] if name]


def require_submodules(folder):
    # The source of a pipeline contains the directories of submodules without their files.
    file = os.path.join(ROOT, ".gitmodules")
    if not os.path.exists(file):
        return
    with open(file, encoding="utf-8") as text:
        paths = re.findall(r"^\s*path\s*=\s*(.+?)\s*$", text.read(), re.M)
    for path in paths:
        place = os.path.join(ROOT, path)
        if (place + os.sep).startswith(folder + os.sep) and not (os.path.isdir(place) and os.listdir(place)):
            refuse(
                f"{path} is an empty submodule (.gitmodules): the source of a pipeline does not contain the files of submodules",
                "add its files to the repository, or clone it in buildProject.installCommands",
            )


def pack(package):
    # The same files make the same bytes, because the hash of an unchanged package must not change.
    step("write the package")
    name = os.environ["ProjectName"] + ".zip"
    paths = sorted(os.path.join(folder, file) for folder, _, files in os.walk(package) for file in files)
    if not paths:
        refuse("the package is empty", f"set buildProject.sourceDirectory (now {setting('SOURCE') or '.'}) to the directory of the function")
    with zipfile.ZipFile(os.path.join(ROOT, name), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(os.path.relpath(path, package).replace(os.sep, "/"), (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = (0o100755 if os.access(path, os.X_OK) else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.file_size = os.path.getsize(path)
            with open(path, "rb") as content, archive.open(entry, "w") as packed:
                shutil.copyfileobj(content, packed, 1 << 20)
    note(f"{name} contains {len(paths)} files")

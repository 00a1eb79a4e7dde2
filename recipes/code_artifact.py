# With CodeArtifact, no build uses another registry silently. A setting that overrides the login fails the build and is
# shown with its line. A setting for a single package or scope is only logged.
import glob
import json
import os
import re

from steps import CODE_ARTIFACT, ROOT, note, read, refuse, shown, upward

MAVEN_SETTINGS = os.path.expanduser("~/.m2/settings.xml") if CODE_ARTIFACT else ""
REMEDY = "remove the line and make that registry an upstream of the CodeArtifact repository, or omit codeArtifact"
INDEX_LINE = re.compile(r"^\s*(-i|--index-url|--extra-index-url|-f|--find-links)\b")
DIRECT = re.compile(r"^\s*(?!#)(-e +)?([\w.\[\]-]+ *@ *)?(git\+|https?://)")
INDEX_KEYS = re.compile(r"^\s*(\[\[(tool\.(uv|pdm)\.)?(index|source)\]\]|\[\[tool\.poetry\.source\]\]|(default-|extra-)?index(-url)? *=|find-links *=)")
SOURCE_KEYS = re.compile(r"^[^#\n]*\{[^}]*\b(git|url) *=")


def lines_of(file, pattern):
    return [(number, line.strip()) for number, line in enumerate(read(file).split("\n"), 1) if pattern.search(line)]


def past(file, pattern):
    for number, line in lines_of(file, pattern):
        note(f"bypasses CodeArtifact: {shown(file)}:{number}: {line}")


def refuse_lines(file, pattern):
    for number, line in lines_of(file, pattern):
        refuse(f"{shown(file)}:{number} bypasses CodeArtifact: {line}", REMEDY)


def check_requirements(file, seen=()):
    if not CODE_ARTIFACT or not file or file in seen or not os.path.isfile(file):
        return
    refuse_lines(file, INDEX_LINE)
    past(file, DIRECT)
    for other in re.findall(r"^\s*(?:-[rc]|--requirement|--constraint)[ =]*(\S+)", read(file), re.MULTILINE):
        check_requirements(os.path.join(os.path.dirname(file), other), (*seen, file))


def check_python(file, folder):
    # uv and Poetry use the indexes in pyproject.toml before the index of the login.
    if not CODE_ARTIFACT or not file:
        return
    if file.endswith(".txt"):
        check_requirements(file)
    for up in upward(folder):
        for name in ("pyproject.toml", "uv.toml"):
            if os.path.isfile(os.path.join(up, name)):
                refuse_lines(os.path.join(up, name), INDEX_KEYS)
                past(os.path.join(up, name), SOURCE_KEYS)


def check_node(root, folder):
    # The variables of the login override `registry=`. A registry for one scope is a deliberate exception.
    if not CODE_ARTIFACT:
        return
    for place in {root, folder}:
        for name, pattern in ((".npmrc", r"^@.*:registry"), (".yarnrc.yml", r"^npmScopes"), (".yarnrc", r"^\"?@.*:registry")):
            if os.path.isfile(os.path.join(place, name)):
                past(os.path.join(place, name), re.compile(pattern))
    lock = os.path.join(root, "package-lock.json")
    if os.path.isfile(lock):
        for name, package in json.loads(read(lock)).get("packages", {}).items():
            if str(package.get("resolved", "")).startswith("git"):
                note(f"bypasses CodeArtifact: {shown(lock)}: {name} from {package['resolved']}")


def check_java(folder, tool):
    # The settings of the login replace the repositories of pom.xml and of build.gradle.
    wrapper = os.path.join(folder, "gradle", "wrapper", "gradle-wrapper.properties")
    if CODE_ARTIFACT and tool == "gradle" and os.path.isfile(wrapper):
        past(wrapper, re.compile(r"^distributionUrl"))


def check_dotnet():
    if CODE_ARTIFACT:
        for pattern in ("*.csproj", "*.fsproj", "Directory.Build.props"):
            for file in glob.glob(os.path.join(ROOT, "**", pattern), recursive=True):
                refuse_lines(file, re.compile(r"<RestoreAdditionalProjectSources>"))

# Java: Maven or Gradle builds the project. The package has the layout of Lambda, or is the archive that a plugin made.
import glob
import os
import re
import shutil
import zipfile
from xml.etree import ElementTree

from code_artifact import MAVEN_SETTINGS, check_java
from files import Files, pack, require_submodules, written_here
from steps import CALLS_AWS, RECIPE, ROOT, main, manifest_named, note, read, refuse, run, setting, shown, source, step, upward

GRADLE_FILES = ("build.gradle", "build.gradle.kts")
JACOCO = "org.jacoco:jacoco-maven-plugin"
# The same bytes for the same classes: https://maven.apache.org/guides/mini/guide-reproducible-builds.html
TIME = "-Dproject.build.outputTimestamp=2000-01-01T00:00:00Z"

# Gradle has no command that copies the dependencies. An init script adds a task without changes of the user's build.
GRADLE_PACKAGE = """
allprojects { project ->
  tasks.withType(AbstractArchiveTask).configureEach { preserveFileTimestamps = false; reproducibleFileOrder = true }
  project.afterEvaluate {
    if (project.plugins.hasPlugin("java")) {
      project.task([type: Copy], "lambdaPackage") {
        from(project.sourceSets.main.output)
        into(System.getenv("RECIPE_PACKAGE"))
        into("lib") { from(project.configurations.runtimeClasspath) }
      }
    }
  }
}
"""


REMEDIES = [
    CALLS_AWS,
    (r"(?:release version|invalid target release:|Invalid source release:?) (\d+)",
     "use the runtime java{0}, or a lower release in the build file"),
    (r"Unsupported class file major version", "use a newer runtime, or versions of the plugins for the JDK of the runtime"),
]


def project():
    named = manifest_named()
    for folder in [os.path.dirname(named)] if named else upward(source()):
        for name in ("pom.xml", *GRADLE_FILES, "settings.gradle", "settings.gradle.kts"):
            if os.path.exists(os.path.join(folder, name)):
                return folder, "maven" if name == "pom.xml" else "gradle"
    return refuse(
        f"no pom.xml or build.gradle in {shown(source())} or above it",
        "set buildProject.sourceDirectory to the directory of the module, or buildProject.dependencyFile to its build file",
    )


def modules_of(folder):
    # The directories of the modules of a pom.xml.
    root = parse(os.path.join(folder, "pom.xml"))
    names = [each.text.strip() for each in root.iter() if local(each) == "module" and each.text]
    return [os.path.dirname(path) if path.endswith(".xml") else path for path in (os.path.normpath(os.path.join(folder, n)) for n in names)]


def parse(file):
    try:
        return ElementTree.fromstring(read(file).encode())
    except ElementTree.ParseError as error:
        return refuse(f"{shown(file)} is not valid XML: {error}", "correct the file")


def local(element):
    return element.tag.split("}")[-1] if isinstance(element.tag, str) else ""


def container(folder):
    # The directory of the pom.xml that contains this module, directly or through other modules.
    for up in upward(os.path.dirname(folder)) if folder != ROOT else []:
        if os.path.exists(os.path.join(up, "pom.xml")) and folder in modules_of(up):
            return container(up)
    return folder


def artifacts_in(folder):
    # The artifact IDs of a pom.xml and its modules.
    if not os.path.exists(os.path.join(folder, "pom.xml")):
        return set()
    own = {each.text for each in parse(os.path.join(folder, "pom.xml")) if local(each) == "artifactId"}
    return own.union(*(artifacts_in(each) for each in modules_of(folder)))


def maven_root(folder):
    # Maven reads all modules of the root. A module that uses none of them does not need the root.
    root = container(folder)
    if root == folder:
        return folder
    pom = parse(os.path.join(folder, "pom.xml"))
    own = {each.text for each in pom if local(each) == "artifactId"}
    used = {each.text for element in pom.iter() if local(element) in ("parent", "dependency", "plugin", "extension", "path")
            for each in element if local(each) == "artifactId"}
    return root if used & (artifacts_in(root) - own) else folder


def maven(folder, *goals, **options):
    root = maven_root(folder)
    module = [] if root == folder else ["-pl", os.path.relpath(folder, root), "-am"]
    settings = ["-s", MAVEN_SETTINGS] if os.path.exists(MAVEN_SETTINGS) else []
    return run("mvn", "--batch-mode", "--no-transfer-progress", *settings, *module, *goals, cwd=root, remedies=REMEDIES, **options)


def gradle_root(folder):
    found = [up for up in upward(folder) for name in ("settings.gradle", "settings.gradle.kts") if os.path.exists(os.path.join(up, name))]
    return found[0] if found else folder


def gradle(folder, *tasks, **options):
    root = gradle_root(folder)
    wrapper = os.path.join(root, "gradlew")
    command = ["sh", wrapper] if os.path.exists(wrapper) else ["gradle"]
    path = "" if root == folder else ":" + os.path.relpath(folder, root).replace(os.sep, ":")
    init = os.path.join(RECIPE, "package.gradle")
    with open(init, "w", encoding="utf-8") as file:
        file.write(GRADLE_PACKAGE)
    named = [f"{path}:{task}" if path else task for task in tasks]
    return run(*command, "--console=plain", "--no-daemon", "--init-script", init, *named, cwd=root, remedies=REMEDIES, **options)


def install():
    folder, tool = project()
    check_java(folder, tool)
    step(f"the versions of Java and {tool}")
    if tool == "maven":
        modules_of(folder)
        run("mvn", "--version")
    else:
        run("java", "-version")


def test():
    folder, tool = project()
    step(f"run the unit tests of {shown(folder)} with {tool}")
    if tool == "gradle":
        return gradle(folder, "test")
    if not setting("COVERAGE"):
        return maven(folder, "test")
    if "jacoco-maven-plugin" in read(os.path.join(folder, "pom.xml")):
        return maven(folder, "test", f"{JACOCO}:report")
    return maven(folder, f"{JACOCO}:0.8.14:prepare-agent", "test", f"{JACOCO}:0.8.14:report")


def package():
    folder, tool = project()
    target = os.path.join(RECIPE, "package")
    os.makedirs(target)
    require_submodules(source())
    step(f"build {shown(folder)} with {tool}")
    (package_maven if tool == "maven" else package_gradle)(folder, target)
    pack(target)


def package_maven(folder, target):
    lib = os.path.join(target, "lib")
    copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={lib}", "-Dmdep.prependGroupId=true"]
    maven(folder, "-DskipTests", TIME, "package", *copy)
    built = os.path.join(folder, "target")
    own = made_by_a_plugin(built)
    if own:
        shutil.rmtree(lib, ignore_errors=True)
        note(f"a plugin of pom.xml made {shown(own)}, which becomes the package")
        return unpack(own, target)
    classes = os.path.join(built, "classes")
    if not os.path.isdir(classes):
        modules = [shown(each) for each in modules_of(folder)]
        refuse(
            f"{shown(folder)} contains no classes",
            "set buildProject.sourceDirectory to the module of the function" + (f", for example {modules[0]!r}" if modules else ""),
        )
    Files(target).copy(classes, never=None)
    for jar in glob.glob(os.path.join(glob.escape(maven_root(folder)), "**", "target", "*.jar"), recursive=True):
        for copied in glob.glob(os.path.join(glob.escape(lib), "*" + glob.escape(os.path.basename(jar)))):
            rewrite(copied)
    return None


def made_by_a_plugin(built):
    # Archives of Quarkus, Spring, Micronaut, and the shade and assembly plugins. The most specific name is first.
    for pattern in ("function.zip", "*-lambda-package.zip", "*-aws.jar", "*-all.jar", "*-shaded.jar", "*-jar-with-dependencies.jar", "*-uber.jar"):
        found = sorted(glob.glob(os.path.join(glob.escape(built), pattern)))
        if found:
            return found[0]
    for original in sorted(glob.glob(os.path.join(glob.escape(built), "original-*.jar"))):
        shaded = os.path.join(built, os.path.basename(original)[len("original-"):])
        if os.path.exists(shaded):
            return shaded
    return None


def package_gradle(folder, target):
    _, lines = gradle(folder, "tasks", "--all", quiet=True)
    names = {line.split(" ")[0].split(":")[-1] for line in lines}
    shaded = next((name for name in ("buildZip", "quarkusBuild", "shadowJar") if name in names), None)
    if shaded:
        gradle(folder, *(["build", "-x", "test"] if shaded == "quarkusBuild" else [shaded]))
        patterns = {"buildZip": "distributions/*.zip", "quarkusBuild": "function.zip", "shadowJar": "libs/*-all.jar"}
        found = sorted(glob.glob(os.path.join(glob.escape(folder), "build", patterns[shaded])))
        if found:
            note(f"the task {shaded} made {shown(found[0])}, which becomes the package")
            return unpack(found[0], target)
    return gradle(folder, "lambdaPackage", env={"RECIPE_PACKAGE": target})


def unpack(archive, target):
    with zipfile.ZipFile(archive) as zipped:
        for entry in zipped.infolist():
            path = zipped.extract(entry, target)
            if not entry.is_dir() and entry.external_attr >> 16 & 0o111:
                os.chmod(path, 0o755)
    for properties in glob.glob(os.path.join(glob.escape(target), "META-INF", "maven", "*", "*", "pom.properties")):
        undated(properties)


def undated(properties):
    # Maven writes the date of the build into a comment.
    lines = [line for line in read(properties).split("\n") if not line.startswith("#")]
    with open(properties, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def rewrite(jar):
    # Writes a jar of this build again, so that the same files make the same bytes.
    with zipfile.ZipFile(jar) as old:
        entries = {name: old.read(name) for name in old.namelist() if not name.endswith("/")}
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(entries, key=lambda each: (each != "META-INF/MANIFEST.MF", each)):
            content = entries[name]
            if name.endswith("pom.properties"):
                content = re.sub(rb"(?m)^#.*\r?\n", b"", content)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main({"install": install, "test": test, "package": package})

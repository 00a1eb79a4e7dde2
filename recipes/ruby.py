# Ruby: Bundler installs the gems into vendor/bundle, where the runtime looks for them.
import os
import shutil

from files import Files, pack, require_submodules, written_here
from steps import RECIPE, ROOT, main, manifest_named, note, own, read, refuse, remember, run, setting, shown, source, step, tests_named, upward


# The runtime finds gems by their specifications in vendor/bundle, and does not load Bundler. Gems by path or Git have none there.
OTHER_GEMS = """
puts Gem.ruby_api_version
Bundler.load.specs.each do |spec|
  next if spec.name == "bundler" || !spec.source.is_a?(Bundler::Source::Path)
  spec.date = "1980-01-01" # or the bytes change every day
  File.write(File.join(ARGV[0], spec.full_name + ".gemspec"), spec.to_ruby)
  puts [spec.full_name, spec.full_gem_path].join("\\t")
end
"""
REMEDIES = [
    (r"cannot load such file -- (\S+)", "add the gem with {0} to the Gemfile, in the group test if only the tests need it"),
    (r"frozen|deployment mode", "run `bundle install` in the repository, and commit Gemfile.lock"),
]


def gemfile():
    named = manifest_named()
    found = [named] if named else [os.path.join(up, "Gemfile") for up in upward(source())]
    return next((file for file in found if os.path.isfile(file)), None)


def variables(file, path, without=""):
    locked = os.path.exists(file + ".lock")
    return {
        "BUNDLE_GEMFILE": file,
        "BUNDLE_PATH": path,
        "BUNDLE_APP_CONFIG": os.path.join(RECIPE, "bundle-config"),
        "BUNDLE_WITHOUT": without,
        **({"BUNDLE_FROZEN": "true"} if locked else {}),
    }


def install():
    file = gemfile()
    if not file:
        return note("no dependencies: no Gemfile in the source directory or above it")
    if not os.path.exists(file + ".lock"):
        note(f"no Gemfile.lock beside {shown(file)}: versions can change between builds")
    step(f"install the gems of {shown(file)}")
    env = variables(file, os.path.join(RECIPE, "gems"))
    run("bundle", "install", env=env, remedies=REMEDIES)
    return remember("environment", "".join(f'export {name}="{value}"\n' for name, value in env.items()))


def test():
    step("run the unit tests")
    file, named = gemfile(), tests_named()
    places = [named] if named else [os.path.join(up, name) for up in upward(source()) for name in ("spec", "test", "tests")]
    tests = next((place for place in places if os.path.isdir(place)), None)
    if not tests:
        return note("no unit tests: no directory spec, test, or tests in the source directory or above it")
    bundle = ["bundle", "exec"] if file else []
    env = {**(variables(file, os.path.join(RECIPE, "gems")) if file else {}), "RUBYLIB": source()}
    specs = [name for name in os.listdir(tests) if name.endswith("_spec.rb")] or os.path.basename(tests) == "spec"
    if specs:
        formats = ["--format", "documentation"]
        if file and "rspec_junit_formatter" in read(file):
            formats += ["--format", "RspecJunitFormatter", "--out", own("reports", "unit-tests.xml")]
        else:
            note("no report: add the gem rspec_junit_formatter to the group test")
        return run(*bundle, "rspec", tests, *formats, env=env, remedies=REMEDIES)
    note("no report: Minitest does not write one")
    program = 'Dir[ARGV[0] + "/**/{test_*,*_test}.rb"].sort.each { |file| require File.expand_path(file) }'
    return run(*bundle, "ruby", "-I", source(), "-I", tests, "-e", program, tests, env=env, remedies=REMEDIES)


def copy_other_gems(target, env):
    specifications = os.path.join(RECIPE, "specifications")
    os.makedirs(specifications)
    _, lines = run("bundle", "exec", "ruby", "-e", OTHER_GEMS, specifications, env=env, quiet=True, silent=True)
    found = [line.split("\t") for line in lines if "\t" in line]
    version = next((line for line in lines if line[:1].isdigit()), "")
    for name, folder in found:
        Files(target).copy(folder, f"vendor/bundle/ruby/{version}/gems/{name}")
    if found:
        Files(target).copy(specifications, f"vendor/bundle/ruby/{version}/specifications", never=None)


def package():
    target = os.path.join(RECIPE, "package")
    os.makedirs(target)
    require_submodules(source())
    file = gemfile()
    step(f"copy {shown(source())}")
    tests = [tests_named(), *(os.path.join(source(), name) for name in ("spec", "test", "tests"))]
    left_out = [each for each in tests if each and os.path.isdir(each) and not (source() + os.sep).startswith(each + os.sep)]
    vendor = os.path.join(source(), "vendor", "bundle")
    Files(target, [*left_out, vendor, *written_here()]).copy(source())
    if file:
        step(f"install the gems of {shown(file)} without those for development and test")
        place = os.path.join(RECIPE, "packed")
        env = variables(file, place, "development:test")
        run("bundle", "install", env=env, remedies=REMEDIES)
        copy_other_gems(target, env)
        gems = os.path.join(place, "ruby")
        for version in os.listdir(gems) if os.path.isdir(gems) else []:
            for part in ("gems", "specifications", "extensions", "bundler"):
                if os.path.isdir(os.path.join(gems, version, part)):
                    Files(target).copy(os.path.join(gems, version, part), f"vendor/bundle/ruby/{version}/{part}", never=None)
        for each in (file, file + ".lock"):
            if os.path.exists(each) and not os.path.exists(os.path.join(target, os.path.basename(each))):
                shutil.copyfile(each, os.path.join(target, os.path.basename(each)))
    pack(target)


if __name__ == "__main__":
    main({"install": install, "test": test, "package": package})

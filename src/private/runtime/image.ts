import { JUNIT_REPORTS, Recipe, RecipeDirectories } from './recipe';
import { quote } from './shell';
import { IMAGE_FILE } from '../../handlers/release/contract';

/** A container image: built from the `Dockerfile` in the source directory, pushed, and handed on by its digest, so that a tag that moves changes nothing. */
export function image(architecture: string, { sourceDirectory }: RecipeDirectories): Recipe {
  const platform = architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  return {
    runtimeVersions: {},
    install: ['aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY_URI%%/*}"'],
    preBuild: [],
    build: [
      'export IMAGE_TAG="${CODEBUILD_RESOLVED_SOURCE_VERSION:-build}-${CODEBUILD_BUILD_NUMBER:-0}" && IMAGE_TAG=$(echo "$IMAGE_TAG" | tr -c "A-Za-z0-9_.-" - | cut -c 1-128)',
      // Lambda takes neither an index nor attestations, which is what a plain build makes now.
      `docker build --platform ${platform} --provenance=false --tag "$REPOSITORY_URI:$IMAGE_TAG" ${quote(sourceDirectory)}`,
      'docker push "$REPOSITORY_URI:$IMAGE_TAG"',
      `docker inspect --format '{"ImageURI":"{{index .RepoDigests 0}}"}' "$REPOSITORY_URI:$IMAGE_TAG" > ${IMAGE_FILE} && cat ${IMAGE_FILE}`,
    ],
    reports: JUNIT_REPORTS,
    cachePaths: [],
    artifact: IMAGE_FILE,
  };
}

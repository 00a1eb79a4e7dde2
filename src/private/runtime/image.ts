import { JUNIT_REPORTS, Recipe, RecipeDirectories } from './recipe';
import { IMAGE_FILE } from '../../handlers/release/contract';

/**
 * Builds a container image from the `Dockerfile` in the source directory and pushes it. The artifact contains the
 * digest of the image, because a tag can move.
 */
export function image(architecture: string, { sourceDirectory = '.' }: RecipeDirectories): Recipe {
  const platform = architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  return {
    variables: { RECIPE_SOURCE: sourceDirectory },
    runtimeVersions: {},
    setUp: [],
    install: ['aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY_URI%%/*}"'],
    preBuild: [],
    build: [
      'export IMAGE_TAG="${CODEBUILD_RESOLVED_SOURCE_VERSION:-build}-${CODEBUILD_BUILD_NUMBER:-0}" && ' +
        'IMAGE_TAG=$(echo "$IMAGE_TAG" | tr -c "A-Za-z0-9_.-" - | cut -c 1-128)',
      // Lambda accepts neither an index nor attestations.
      `docker build --platform ${platform} --provenance=false --tag "$REPOSITORY_URI:$IMAGE_TAG" "$RECIPE_SOURCE"`,
      'docker push "$REPOSITORY_URI:$IMAGE_TAG"',
      `docker inspect --format '{"ImageURI":"{{index .RepoDigests 0}}"}' "$REPOSITORY_URI:$IMAGE_TAG" > ${IMAGE_FILE}`,
      `cat ${IMAGE_FILE}`,
    ],
    reports: JUNIT_REPORTS,
    cachePaths: [],
    artifact: IMAGE_FILE,
  };
}

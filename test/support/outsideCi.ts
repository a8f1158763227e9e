/** The variables by which CI systems are known, empty: what a program that is given them takes for a person's machine. */
export const outsideCi: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'CI',
    'APPVEYOR',
    'BITBUCKET_COMMIT',
    'BUILDKITE',
    'CIRCLECI',
    'CIRRUS_CI',
    'CODEBUILD_BUILD_ARN',
    'DRONE',
    'GITHUB_ACTIONS',
    'GITLAB_CI',
    'JENKINS_URL',
    'SEMAPHORE',
    'SYSTEM_TEAMFOUNDATIONCOLLECTIONURI',
    'TEAMCITY_VERSION',
    'TRAVIS',
  ].map((name) => [name, '']),
);

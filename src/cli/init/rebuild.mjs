// Builds the page every quarter of an hour: evidence grows old, and the page must not look newer than it is. BUILD_HOOK
// is the address of a build hook (Project configuration > Build & deploy > Build hooks), as an environment variable.
export default async () => {
  await fetch(process.env.BUILD_HOOK, { method: "POST" });
};

export const config = { schedule: "*/15 * * * *" };

// Builds the page on the clock of `crons` in wrangler.toml: evidence grows old, and the page must not look newer than it is.
// DEPLOY_HOOK is the address of a deploy hook (Settings > Builds > Deploy Hooks), as a secret of this Worker.
export default {
  // What is no file of the page is its page for that.
  fetch: (request, env) => env.ASSETS.fetch(request),
  scheduled: (event, env, context) => context.waitUntil(fetch(env.DEPLOY_HOOK, { method: "POST" })),
};

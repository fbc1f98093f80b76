const SOURCE = /\/packages\/(\w+)\/src\/(.*)\.ts$/;

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  const url = found.url.replace(SOURCE, "/packages/$1/dist/$2.js");
  return url === found.url ? found : { url, format: "module", shortCircuit: true };
}

/** Make the answer that a server would give as JSON. `Response.json` is younger than the browsers that we support. */
export function makeJsonAnswer(content: unknown): Response {
  return new Response(JSON.stringify(content), { headers: { "Content-Type": "application/json" } });
}

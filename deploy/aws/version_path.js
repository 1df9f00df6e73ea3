// CloudFront function, before the cache: /models/<version>/<file> is the key versions/<version>/<file> of the bucket.
// Anything else below /models is no version's file, and the bucket is never asked for it; nginx has the same rule.
function handler(event) {
  var found = /^\/models\/([0-9a-f]{12}\/[a-z0-9_][a-z0-9_.]*)$/.exec(event.request.uri);
  if (!found || /\.part$/.test(found[1])) {
    return { statusCode: 404, statusDescription: "Not Found" };
  }
  event.request.uri = "/versions/" + found[1];
  event.request.querystring = {};
  return event.request;
}

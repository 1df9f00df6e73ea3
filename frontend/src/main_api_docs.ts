/** The page at /api/docs: what the HTTP API takes and answers, to read and to try with one's own session or token. */
import SwaggerUi from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

const DOCUMENT = "/api/v1/openapi.json";

/** The colours of Swagger UI's own dark mode hang on this class of the page. */
const DARK = "dark-mode";

const isDark = matchMedia("(prefers-color-scheme: dark)");

function followColours(): void {
  document.documentElement.classList.toggle(DARK, isDark.matches);
}

followColours();
isDark.addEventListener("change", followColours);

SwaggerUi({
  url: DOCUMENT,
  dom_id: "#api",
  deepLinking: true,
  // A document is checked where it is made; nobody else's server is asked whether it is well-formed.
  validatorUrl: null,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // What is sent with a cookie must be seen to come from our own pages, which the browser says by itself.
  withCredentials: false,
  persistAuthorization: false,
});

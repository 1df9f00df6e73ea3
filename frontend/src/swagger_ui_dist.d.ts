/** What we use of Swagger UI; its package brings no types. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Settings {
    readonly url: string;
    readonly dom_id: string;
    readonly deepLinking: boolean;
    readonly validatorUrl: null;
    readonly docExpansion: "list" | "full" | "none";
    readonly defaultModelsExpandDepth: number;
    readonly displayRequestDuration: boolean;
    readonly withCredentials: boolean;
    readonly persistAuthorization: boolean;
  }
  // biome-ignore lint/style/noDefaultExport: it is the package that exports it so.
  export default function SwaggerUi(settings: Settings): unknown;
}

declare module "swagger-ui-dist/swagger-ui.css";

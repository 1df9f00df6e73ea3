/** The views of the operator's page, in the navigation's order; the first is where one arrives. */
import type { ViewEntry } from "./shell/view.ts";

export const VIEWS: readonly [ViewEntry, ...ViewEntry[]] = [
  {
    name: "desk",
    title: "Desk",
    isInNavigation: true,
    load: async () => (await import("./desk.ts")).makeDesk,
  },
  {
    name: "runs",
    title: "Runs",
    isInNavigation: true,
    load: async () => (await import("./runs/runs_view.ts")).makeRunsView,
  },
  {
    name: "searches",
    title: "Searches",
    isInNavigation: true,
    load: async () => (await import("./searches/searches_view.ts")).makeSearchesView,
  },
  {
    name: "models",
    title: "Models",
    isInNavigation: true,
    load: async () => (await import("./models/models_view.ts")).makeModelsView,
  },
  {
    name: "workers",
    title: "Workers",
    isInNavigation: true,
    load: async () => (await import("./workers/workers_view.ts")).makeWorkersView,
  },
  {
    name: "production",
    title: "Production",
    isInNavigation: true,
    load: async () => (await import("./production/production_view.ts")).makeProductionView,
  },
  {
    name: "drift",
    title: "Drift",
    isInNavigation: true,
    load: async () => (await import("./drift/drift_view.ts")).makeDriftView,
  },
  {
    name: "doodles",
    title: "Doodles",
    isInNavigation: true,
    load: async () => (await import("./doodles/doodles_view.ts")).makeDoodlesView,
  },
  {
    name: "labels",
    title: "Labels",
    isInNavigation: true,
    load: async () => (await import("./labels/labels_view.ts")).makeLabelsView,
  },
  {
    name: "review",
    title: "Review",
    isInNavigation: true,
    load: async () => (await import("./review_view.ts")).makeReviewView,
  },
  {
    name: "report",
    title: "Report",
    isInNavigation: false,
    load: async () => (await import("./report_view.ts")).makeReportView,
  },
];

// `report` of app.mjs by Sentry's own SDK for Node (`npm install @sentry/node`): the error has its stack, and is sent beside
// the requests.
import * as Sentry from "@sentry/node";

// It reads SENTRY_DSN, and does nothing without. Spans stay OpenTelemetry's.
Sentry.init({ tracesSampleRate: 0, skipOpenTelemetrySetup: true });

export function report(error, traceId, spanId) {
    Sentry.withScope((scope) => {
        scope.setContext("trace", { trace_id: traceId, span_id: spanId });
        Sentry.captureException(error);
    });
}

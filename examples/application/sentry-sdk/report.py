# The same in Python (`pip install sentry-sdk`), for whoever has an application in it.
import sentry_sdk

# It reads SENTRY_DSN, and does nothing without. Spans stay OpenTelemetry's.
sentry_sdk.init(traces_sample_rate=0)


def report(error, trace_id, span_id):
    with sentry_sdk.new_scope() as scope:
        scope.set_context("trace", {"trace_id": trace_id, "span_id": span_id})
        sentry_sdk.capture_exception(error)

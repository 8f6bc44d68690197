import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type Counter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { problemCodeOf } from '../http';
import { observeHealth } from './observe-health';
import { parseTraceparent } from './parse-traceparent';
import { setTelemetry, type Telemetry } from './telemetry';

const STOP_MS = 2_000;
const SCOPE = 'countersign';

/**
 * Starts to send spans and metrics by OTLP/HTTP to `OTEL_EXPORTER_OTLP_ENDPOINT` (headers, timeouts and intervals from the
 * standard variables). Providers are this module's own, never the process's global ones: whatever else in the process
 * makes spans of paths and queries keeps them to itself. What cannot be sent is dropped, and no request waits for it.
 */
export function startTelemetry(): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME ?? 'countersign' });
  const tracers = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(),
        exportIntervalMillis: readInterval(),
        exportTimeoutMillis: Math.min(readInterval(), 30_000),
      }),
    ],
  });
  const tracer = tracers.getTracer(SCOPE);
  const meter = meters.getMeter(SCOPE);
  const duration = meter.createHistogram('http.server.request.duration', { unit: 's' });
  const counters = new Map<string, Counter>();
  const current = new AsyncLocalStorage<Context>();
  observeHealth(meter);

  const telemetry: Telemetry = {
    async request({ method, route, traceparent }, work) {
      const span = tracer.startSpan(
        `${method} ${route}`,
        { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': route } },
        parentOf(traceparent),
      );
      const begunMs = performance.now();
      let status = 500;
      let code: string | undefined = 'internal';
      try {
        const response = await current.run(trace.setSpan(ROOT_CONTEXT, span), work);
        status = response.status;
        code = problemCodeOf(response);
        return response;
      } finally {
        const outcome = {
          'http.response.status_code': status,
          ...(code === undefined ? {} : { 'error.type': code }),
        };
        span.setAttributes(outcome);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
        duration.record((performance.now() - begunMs) / 1000, {
          'http.request.method': method,
          'http.route': route,
          ...outcome,
        });
      }
    },
    async child(name, work) {
      const parent = current.getStore();
      if (parent === undefined) return work();
      const span = tracer.startSpan(name, {}, parent);
      try {
        return await current.run(trace.setSpan(parent, span), work);
      } finally {
        span.end();
      }
    },
    count(name, attributes, n = 1) {
      let counter = counters.get(name);
      if (counter === undefined) {
        counter = meter.createCounter(name);
        counters.set(name, counter);
      }
      counter.add(n, { ...attributes });
    },
    async stop() {
      const ended = Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      const late = new Promise((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([ended, late]);
      setTelemetry(undefined);
    },
  };
  setTelemetry(telemetry);
  return telemetry;
}

/** The caller's span, where it names one. */
function parentOf(traceparent: string | null): Context {
  const parent = parseTraceparent(traceparent);
  if (parent === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: parent.traceId,
    spanId: parent.spanId,
    traceFlags: parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

function readInterval(): number {
  const ms = Number(process.env.OTEL_METRIC_EXPORT_INTERVAL);
  return Number.isInteger(ms) && ms >= 100 ? ms : 60_000;
}

import { metricCatalogue, type CatalogueEntry } from '../modules/monitoring/metric-catalogue.ts';
import { resourcesOf, type Arguments, type Rule } from './stack-json.ts';

interface NamedMetric {
  readonly where: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly string[];
}

/** An alarm on a metric that nobody publishes never fires. @param ownNamespace where the functions' own metrics are */
export function metricsExist(ownNamespace: string): Rule {
  const catalogue = metricCatalogue(ownNamespace);
  return (stack) => {
    const alarms = resourcesOf(stack, 'aws_cloudwatch_metric_alarm').flatMap(({ address, args }) =>
      alarmMetrics(address, args),
    );
    const graphs = resourcesOf(stack, 'aws_cloudwatch_dashboard').flatMap(({ address, args }) =>
      dashboardMetrics(address, String(args['dashboard_body'])),
    );
    return [...alarms, ...graphs].flatMap((metric) => problems(metric, catalogue));
  };
}

function problems(metric: NamedMetric, catalogue: Readonly<Record<string, CatalogueEntry>>): string[] {
  const { where, namespace, name, dimensions } = metric;
  const entry = catalogue[namespace];
  if (entry?.metrics.includes(name) !== true) {
    return [
      `${where}: nobody publishes the metric ${namespace} ${name}; correct it or add it to the catalogue`,
    ];
  }
  return [...dimensions].sort().join() === [...entry.dimensions].sort().join()
    ? []
    : [
        `${where}: ${namespace} ${name} has data under ${entry.dimensions.join(', ')}, not ${dimensions.join(', ')}`,
      ];
}

interface AlarmMetric {
  readonly namespace?: string;
  readonly metric_name?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

function alarmMetrics(address: string, args: Arguments): NamedMetric[] {
  const { metric_query = [], ...own } = args as AlarmMetric & {
    readonly metric_query?: readonly { readonly metric?: AlarmMetric }[];
  };
  return [own, ...metric_query.map(({ metric }) => metric)].flatMap((metric) =>
    metric?.metric_name === undefined
      ? []
      : [
          {
            where: address,
            namespace: metric.namespace ?? '',
            name: metric.metric_name,
            dimensions: Object.keys(metric.dimensions ?? {}),
          },
        ],
  );
}

function dashboardMetrics(address: string, body: string): NamedMetric[] {
  const { widgets } = JSON.parse(body) as {
    readonly widgets: readonly {
      readonly properties: { readonly metrics?: readonly (readonly unknown[])[] };
    }[];
  };
  return widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([namespace]) => typeof namespace === 'string')
    .map((line) => {
      const [namespace, name, ...pairs] = line.filter((part) => typeof part === 'string');
      return {
        where: address,
        namespace: namespace ?? '',
        name: name ?? '',
        dimensions: pairs.filter((_, index) => index % 2 === 0),
      };
    });
}

/** Flat reports and measures over everything before it: one definition each, for the graph, for `/reports` and for SQL. */
import { readRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { defineModule } from '../../write/module.ts';
import { insightPolicy } from './insight.policy.ts';
import { ageingReport, dueReport, openItemsReport } from './items.read.ts';
import { measuresReport } from './measures.read.ts';
import { reportResolver } from './report.graphql.ts';
import type { Report } from './report.read.ts';
import { createReportingLogin, dropReportingLogin, rotateReportingLogin } from './reporting-login.commands.ts';
import { ReportingLogin } from './reporting-login.entity.ts';
import { reportingLoginEvents } from './reporting-login.events.ts';
import { reportingLoginRead } from './reporting-login.read.ts';
import { paymentsReport, salesReport } from './sales.read.ts';
import { syncHealthReport } from './sync-health.read.ts';

export type { Report, ReportColumn } from './report.read.ts';

export const reports: readonly Report[] = [
  salesReport,
  paymentsReport,
  openItemsReport,
  ageingReport,
  dueReport,
  syncHealthReport,
  measuresReport,
];

const reportingLogin = readRecord(ReportingLogin, reportingLoginRead);

export const insightModule = defineModule({
  name: 'insight',
  entities: [ReportingLogin],
  records: [reportingLogin],
  machines: [],
  postings: [],
  policy: insightPolicy,
  events: reportingLoginEvents,
  commands: [createReportingLogin, rotateReportingLogin, dropReportingLogin],
  resolvers: [rootResolver(reportingLogin), ...reports.map(reportResolver)],
});

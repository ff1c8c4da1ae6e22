// The small ERP of the tests as a process of its own finds it: a folder named in CASHGRAPH_CONNECTORS.
export { miniConnector as connector } from '../../sync/mini-erp.ts';

import { describeTable } from '../support/table-conformance';

describeTable('redis');

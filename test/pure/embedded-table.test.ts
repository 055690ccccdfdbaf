import { describeTable } from '../support/table-conformance';

describeTable('embedded');
describeTable('lmdb');

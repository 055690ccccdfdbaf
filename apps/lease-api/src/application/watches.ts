import { ClusterEvents } from './cluster-events';

/** The watches of names: streams of what happens there, apart from those of administrators. */
export class Watches extends ClusterEvents {}

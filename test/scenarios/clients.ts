/** NFS clients: EXCHANGE_ID, CREATE_SESSION and RECLAIM_COMPLETE (RFC 8881 §8.4, §18.35, §18.36, §18.51). */
export const clients: Record<string, string> = {
  'a client does nothing before it is confirmed, and asks for nothing new before its reclaims are complete': `
    export local
    exchange A as owner v1 -> new
    A opens f read -> no client_unconfirmed
    A lives -> no client_unconfirmed
    A reclaimed-all -> no client_unconfirmed
    A confirms -> confirmed
    A lives -> ok
    A opens f read -> no reclaims_incomplete
    A opens f read reclaiming -> no no_grace
    A reclaimed-all -> grace is over
    A opens f read -> open
    A reclaimed-all -> no reclaims_complete
    A confirms -> confirmed
    A share f -> read`,
  'a client that comes to another server is the same client, with all that it holds': `
    export local
    exchange A as owner v1 by p -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read denying write -> open
    A locks f posix write 0-9 -> held write 0-9
    tick 20s
    exchange B as owner v1 by p -> confirmed
    tick 20s
    A is -> live
    B confirms -> confirmed
    session C
    C opens f write -> no share_denied
    A unlocks f posix 0-9 -> unlocked
    C locks f posix write 0-9 -> held write 0-9`,
  'what a restarted client held goes when its new session is confirmed, and not before': `
    export local
    exchange A as owner v1 -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read denying write -> open
    A wants g write -> active write
    session C
    exchange B as owner v2 -> new
    A is -> live
    C opens f write -> no share_denied
    B confirms -> confirmed
    A is -> ended
    C opens f write -> open
    C opens g write -> open
    A opens f read -> no session_expired
    exchange D as owner v1 -> new
    exchange E as owner v2 -> confirmed`,
  'a client may restart again before it is confirmed': `
    export local
    exchange A as owner v1 -> new
    A confirms -> confirmed
    exchange B as owner v2 -> new
    exchange C as owner v3 -> new
    B is -> ended
    B confirms -> no session_expired
    C confirms -> confirmed
    A is -> ended
    exchange D as owner v3 -> confirmed`,
  'a client that is never confirmed is forgotten': `
    exchange A as owner v1 5s -> new
    tick 5s
    A is -> expired
    A confirms -> no session_expired
    exchange B as owner v1 -> new`,
  'a client that has expired or ended is a new one': `
    exchange A as owner v1 5s -> new
    A confirms -> confirmed
    tick 5s
    exchange B as owner v1 -> new
    B confirms -> confirmed
    B ends -> ended
    exchange C as owner v1 -> new
    C ends -> ended`,
  'another principal does not take over what a client holds': `
    export local
    exchange A as owner v1 by p -> new
    A confirms by q -> no client_in_use
    A confirms by p -> confirmed
    A reclaimed-all -> grace is over
    exchange B as owner v1 by q -> new
    A is -> live
    A opens f read -> open
    exchange C as owner v1 by q -> no client_in_use
    exchange C as owner v2 by q -> no client_in_use
    A closes f -> closed
    B confirms -> confirmed
    A is -> ended`,
  'only a client that is confirmed is updated': `
    exchange A as owner v1 by p update -> no no_such_client
    exchange A as owner v1 by p -> new
    exchange B as owner v1 by p update -> no no_such_client
    A confirms -> confirmed
    exchange B as owner v1 by p update -> confirmed
    exchange B as owner v2 by p update -> no verifier_differs
    exchange B as owner v1 by q update -> no not_principal`,
  'only those who were there reclaim, and each says once that it is done': `
    limits graceMs 10000
    export local
    exchange A as one v1 300s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    lost
    exchange B as two v1 300s -> new
    B confirms -> confirmed
    A opens f read -> no grace
    A opens f read denying write reclaiming -> open
    B opens f write reclaiming -> no no_grace
    B opens g write reclaiming -> no no_grace
    B opens g write -> no grace
    exchange C as one v1 300s -> confirmed
    C reclaimed-all -> grace is over
    A reclaimed-all -> no reclaims_complete
    B opens g write -> no reclaims_incomplete
    B reclaimed-all -> grace is over
    B opens g write -> open`,
  'a lock that nobody comes for after its wait goes to others': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A opens f both -> open
    C opens f both -> open
    B locks f posix write 0-9 -> held write 0-9
    A locks f posix write 0-9 under A wait 60s claim 5s -> waiting write 0-9
    B unlocks f posix 0-9 -> unlocked
    ranges f -> A posix write 0-9
    C locks f posix write 5-5 under C wait 60s claim 5s -> waiting write 5-5
    tick 5s
    ranges f -> C posix write 5-5
    A locks f posix write 0-9 under A -> no range_conflict
    C locks f posix write 5-5 under C -> held write 5-5, seqid 1
    tick 20s
    ranges f -> C posix write 5-5`,
  'what an owner locked besides stays when it does not come for one lock': `
    export local
    session A 300s
    session B 300s
    session C 300s
    C opens f both -> open
    C locks f posix write 0-9 under C -> held write 0-9, seqid 1
    B locks f posix write 10-19 -> held write 10-19
    C locks f posix write 10-19 showing 1 wait 60s claim 5s -> waiting write 10-19
    B unlocks f posix 10-19 -> unlocked
    C locks f posix write 20-29 showing 1 -> held write 0-29, seqid 2
    ranges f -> C posix write 0-29
    tick 5s
    ranges f -> C posix write 0-9, C posix write 20-29`,
  'of several locks that nobody comes for each is kept for its own time, and its owner is told': `
    export local
    session B 300s
    session C 300s
    C opens f both -> open
    B locks f posix write 0-9 -> held write 0-9
    B locks f posix write 20-29 -> held write 20-29
    C locks f posix write 0-9 under C wait 60s claim 5s -> waiting write 0-9
    C locks f posix write 20-29 under C wait 60s claim 5s -> waiting write 20-29
    B unlocks f posix 0-9 -> unlocked
    tick 2s
    B unlocks f posix 20-29 -> unlocked
    tick 3s
    ranges f -> C posix write 20-29
    tick 2s
    ranges f -> nothing`,
  'a client that comes back keeps what it was promised, and is promised what it asks for': `
    export local
    exchange A as a v1 100s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read denying write -> open
    exchange A2 as a v1 10s courtesy 30s -> confirmed
    tick 20s
    A is -> live
    exchange A2 as a v1 100s courtesy 30s -> confirmed
    tick 100s
    A is -> courtesy
    exchange A2 as a v1 100s courtesy 30s -> confirmed
    A is -> live
    tick 130s
    A is -> expired`,
  'at the end of its lease time a client may be replaced by another principal': `
    export local
    exchange A as a v1 by p 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read -> open
    tick 10s
    A is -> courtesy
    exchange C as a v1 by q 10s -> new`,
  'a table that has lost everything believes every client': `
    lost graceMs 10000
    export local
    exchange A as one v1 300s -> new
    A confirms -> confirmed
    A opens f read reclaiming -> open`,
  'a client that comes to another server is bound to its node, and lives as long as it says there': `
    region r dead 300s
    node n in r
    node m in r
    node down in r
    beat n i1 -> up
    beat m i2 -> up
    exchange A as owner v1 10s on n -> new
    A confirms -> confirmed
    item nodes n -> up, 1 sessions
    exchange B as owner v1 60s on down -> no node_down
    item nodes n -> up, 1 sessions
    exchange B as owner v1 60s on m -> confirmed
    item nodes n -> up, 0 sessions
    item nodes m -> up, 1 sessions
    tick 5s
    A reclaimed-all -> grace is over
    A lives -> ok
    tick 59s
    A is -> live`,
  'of the lives of a client that wait to be confirmed only the last stays, also when the confirmed one has ended': `
    exchange A as owner v1 -> new
    A confirms -> confirmed
    exchange B as owner v2 -> new
    A ends -> ended
    B is -> live
    exchange C as owner v3 -> new
    B is -> ended
    C confirms -> confirmed
    exchange D as owner v3 -> confirmed`,
};

/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T04:51:55.482Z",
      "lastSeenAt": "2026-11-30T04:50:55.482Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "secret": "Cp-TAT5nIYDmb43UBUWb-57YsMOwTSDGpcSRMxL9az0"
    },
    "request": {
      "ttlMs": 60000,
      "node": "n",
      "label": "l",
      "pid": 1
    }
  },
  "get /v1/sessions": {
    "200": {
      "sessions": [
        {
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T04:51:55.482Z",
          "lastSeenAt": "2026-11-30T04:50:55.482Z",
          "state": "live",
          "node": "n",
          "pid": 1,
          "label": "l",
          "locks": 0,
          "streams": 0
        }
      ]
    }
  },
  "get /v1/sessions/{id}": {
    "200": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T04:51:55.482Z",
      "lastSeenAt": "2026-11-30T04:50:55.482Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0
    }
  },
  "post /v1/sessions/{id}/keepalive": {
    "200": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T04:51:55.573Z",
      "lastSeenAt": "2026-11-30T04:50:55.573Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0
    }
  },
  "post /v1/leases": {
    "201": {
      "leaseId": "3479af7e-18d8-8cb4-b8db-ed9500000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "3479af7e18d88cb4b8dbed95"
      },
      "backed": false
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "07a8179d-4a18-88ab-af11-bd8800000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678237195888640,
      "stateid": {
        "seqid": 1,
        "other": "07a8179d4a1888abaf11bd88"
      },
      "backed": false
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "3479af7e-18d8-8cb4-b8db-ed9500000000",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "3479af7e18d88cb4b8dbed95"
          },
          "backed": false
        },
        {
          "leaseId": "240f7e5e-10b2-85b4-ac9e-4ab300000000",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "240f7e5e10b285b4ac9e4ab3"
          },
          "backed": false
        }
      ],
      "cursor": "3678237195788288"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "07a8179d-4a18-88ab-af11-bd8800000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678237196103680,
      "stateid": {
        "seqid": 2,
        "other": "07a8179d4a1888abaf11bd88"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678237195888640
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "ca20d98b-18e6-8723-ba21-369300000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "ca20d98b18e68723ba213693"
      },
      "backed": false
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "ca20d98b-18e6-8723-ba21-369300000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "ca20d98b18e68723ba213693"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678237196443648",
        "target": "none",
        "deadlineAt": "2026-11-30T04:51:56.076Z",
        "remainingMs": 60000,
        "cause": "admin"
      }
    },
    "request": {
      "target": "none"
    }
  },
  "get /v1/leases/{id}": {
    "200": {
      "leaseId": "07a8179d-4a18-88ab-af11-bd8800000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678237196103680,
      "stateid": {
        "seqid": 2,
        "other": "07a8179d4a1888abaf11bd88"
      },
      "backed": false,
      "break": {
        "breakId": "b3678237196443648",
        "target": "none",
        "deadlineAt": "2026-11-30T04:51:56.075Z",
        "remainingMs": 59928,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "ca20d98b-18e6-8723-ba21-369300000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "ca20d98b18e68723ba213693"
      },
      "backed": false
    },
    "request": {
      "access": "both",
      "deny": "write"
    }
  },
  "get /v1/stateids/{other}": {
    "200": {
      "kind": "delegation",
      "id": "c1feaf27-235b-890a-afb3-46bd00000000",
      "state": "active",
      "seqid": 1
    }
  },
  "post /v1/delegations": {
    "200": {
      "whyNot": "WRITE_DELEG_NOT_SUPP_FTYPE",
      "willSignal": false
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": ".",
      "want": "write",
      "directory": true
    }
  },
  "post /v1/files/attributes": {
    "200": {
      "holder": "none"
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "b41e9ab6-ebea-86bc-97a2-921900000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "write",
      "start": "0",
      "end": "9007199254740993",
      "state": "held",
      "backed": false
    },
    "202": {
      "rangeId": "696c172a-6219-83bb-a79b-3da600000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "other",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "read",
      "start": "0",
      "end": "9007199254740993",
      "state": "waiting",
      "backed": false
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993",
      "type": "write"
    }
  },
  "get /v1/ranges/{id}": {
    "200": {
      "rangeId": "b41e9ab6-ebea-86bc-97a2-921900000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "write",
      "start": "0",
      "end": "9007199254740993",
      "state": "held",
      "backed": false
    }
  },
  "post /v1/ranges/test": {
    "200": {
      "blocker": {
        "id": "b41e9ab6-ebea-86bc-97a2-921900000000",
        "kind": "posix",
        "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
        "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 68,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993",
      "owner": "other",
      "type": "read"
    }
  },
  "post /v1/ranges/cancel": {
    "200": {
      "cancelled": false
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993",
      "owner": "other",
      "type": "read"
    }
  },
  "get /v1/waits/{id}": {
    "200": {
      "id": "696c172a-6219-83bb-a79b-3da600000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59985,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "b41e9ab6-ebea-86bc-97a2-921900000000",
            "kind": "posix",
            "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
            "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 203,
            "type": "write",
            "start": "0",
            "end": "9007199254740993",
            "state": "held"
          }
        ]
      }
    }
  },
  "get /v1/locks": {
    "200": {
      "locks": [
        {
          "id": "b41e9ab6-ebea-86bc-97a2-921900000000",
          "no": 3678237197412353,
          "kind": "posix",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 219,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "696c172a-6219-83bb-a79b-3da600000000",
              "no": 3678237197795328,
              "kind": "posix",
              "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 32,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "b41e9ab6-ebea-86bc-97a2-921900000000"
            }
          ]
        }
      ]
    }
  },
  "delete /v1/ranges/{id}": {},
  "post /v1/ranges/unlock": {
    "200": {
      "unlocked": true
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993"
    }
  },
  "post /v1/permits": {
    "201": {
      "permitId": "6c31af64-b763-8236-a4a9-a5c900000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678237197914112
    },
    "202": {
      "permitId": "ee7946e0-255f-8a4a-adfb-918700000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting"
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "6c31af64-b763-8236-a4a9-a5c900000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678237197914112
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "6c31af64-b763-8236-a4a9-a5c900000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678237197914112
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "8ccdb4e6-86f7-8b38-97b7-759300000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678237198069760
    },
    "202": {
      "lockId": "b3017c1c-4a55-86e7-8b6f-a7cf00000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "seqid": 0
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "resource": "res",
      "mode": "EX",
      "requestId": "q"
    }
  },
  "get /v1/dlm/locks": {
    "200": {
      "locks": [
        {
          "lockId": "8ccdb4e6-86f7-8b38-97b7-759300000000",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678237198069760,
          "blocking": "PR"
        },
        {
          "lockId": "b3017c1c-4a55-86e7-8b6f-a7cf00000000",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0
        }
      ]
    }
  },
  "get /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "8ccdb4e6-86f7-8b38-97b7-759300000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678237198069760,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "8ccdb4e6-86f7-8b38-97b7-759300000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678237198069760,
      "blocking": "PR"
    },
    "request": {
      "mode": "PW",
      "block": "AAEC"
    }
  },
  "get /v1/dlm/resources": {
    "200": {
      "export": "local",
      "resource": "res",
      "value": {
        "block": "AAEC",
        "valid": true
      },
      "granted": [
        {
          "lockId": "8ccdb4e6-86f7-8b38-97b7-759300000000",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678237198069760,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "b3017c1c-4a55-86e7-8b6f-a7cf00000000",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59980
        }
      ],
      "more": false
    }
  },
  "post /v1/dlm/locks/cancel": {
    "200": {
      "cancelled": true
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "lockId": "b3017c1c-4a55-86e7-8b6f-a7cf00000000"
    }
  },
  "post /v1/dlm/locks/{id}/unlock": {
    "200": {
      "unlocked": true
    },
    "request": {}
  },
  "post /v1/dlm/connections": {
    "201": {
      "connectionId": "a3ac0f9e-da8a-8b82-93ec-09e800000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "state": "connected",
      "stack": "local",
      "protocol": {
        "major": 1,
        "minor": 1
      },
      "node": {
        "name": "n"
      }
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "protocol": {
        "major": 1,
        "minor": 1
      }
    }
  },
  "get /v1/dlm/connections": {
    "200": {
      "connections": [
        {
          "connectionId": "a3ac0f9e-da8a-8b82-93ec-09e800000000",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "state": "connected",
          "stack": "local",
          "protocol": {
            "major": 1,
            "minor": 1
          },
          "node": {
            "name": "n"
          }
        }
      ]
    }
  },
  "get /v1/dlm/connections/{id}": {
    "200": {
      "connectionId": "a3ac0f9e-da8a-8b82-93ec-09e800000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "state": "connected",
      "stack": "local",
      "protocol": {
        "major": 1,
        "minor": 1
      },
      "node": {
        "name": "n"
      }
    }
  },
  "post /v1/dlm/connections/{id}/hangup": {
    "200": {
      "connectionId": "a3ac0f9e-da8a-8b82-93ec-09e800000000",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "state": "hungUp",
      "stack": "local",
      "protocol": {
        "major": 1,
        "minor": 1
      },
      "node": {
        "name": "n"
      }
    }
  },
  "delete /v1/dlm/connections/{id}": {},
  "post /v1/files/changes": {
    "200": {
      "changeId": "9a4543ec-c230-8197-8d70-975300000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "a726bd54-dbed-87c5-94e0-b79700000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "waiting",
      "on": {
        "file": "d",
        "kind": "truncate"
      }
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "owner": "other"
    }
  },
  "delete /v1/files/changes/{id}": {
    "200": {
      "cancelled": true
    }
  },
  "get /v1/grace": {
    "200": {
      "graceMs": 0,
      "sessions": 0
    }
  },
  "post /v1/sessions/{id}/reclaim-complete": {
    "200": {
      "graceMs": 0
    }
  },
  "get /v1/locks/{id}": {
    "200": {
      "id": "07a8179d-4a18-88ab-af11-bd8800000000",
      "no": 3678237195888641,
      "kind": "lease",
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 1472,
      "type": "read",
      "state": "breaking",
      "token": 3678237196103680,
      "backed": false,
      "break": {
        "breakId": "b3678237196443648",
        "target": "none",
        "deadlineAt": "2026-11-30T04:51:56.076Z",
        "remainingMs": 58799,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678237196103680
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "07a8179d-4a18-88ab-af11-bd8800000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678237196103680,
      "for": "read"
    }
  },
  "delete /v1/locks/{id}": {},
  "delete /v1/opens/{id}": {},
  "delete /v1/leases/{id}": {},
  "post /v1/leases/{id}/free": {},
  "put /v1/stacks/{name}": {
    "201": {
      "kind": "stacks",
      "name": "kind",
      "version": 3678237199507458,
      "description": "d",
      "onDemand": {
        "prefix": "on-",
        "policy": "wait"
      },
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 8
      },
      "adapters": [],
      "exports": 0,
      "removing": false
    },
    "request": {
      "description": "d",
      "onDemand": {
        "prefix": "on-"
      }
    }
  },
  "put /v1/regions/{name}": {
    "201": {
      "kind": "regions",
      "name": "region",
      "version": 3678237199589377,
      "beatMs": 1000,
      "deadMs": 10000,
      "ackMs": 5000,
      "nodes": 0,
      "subscribers": 0,
      "removing": false
    },
    "request": {}
  },
  "put /v1/nodes/{name}": {
    "201": {
      "kind": "nodes",
      "name": "node",
      "version": 3678237199644673,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    },
    "request": {
      "region": "region"
    }
  },
  "put /v1/exports/{name}": {
    "201": {
      "kind": "exports",
      "exportId": "3678237199716352",
      "name": "lazy",
      "version": 3678237199716354,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 1000,
      "lockDelayMs": 0,
      "breakLimitMs": 0,
      "directories": false,
      "unconfirmedFiles": 0,
      "unbackedFiles": 0,
      "delegations": 0,
      "withoutBackend": {
        "refused": 0,
        "queued": 0,
        "unbacked": 0
      }
    },
    "request": {
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "breakMs": 1000
    }
  },
  "get /v1/stacks": {
    "200": {
      "stacks": [
        {
          "kind": "stacks",
          "name": "local",
          "version": 3678237191663619,
          "builtIn": true,
          "protocol": {
            "major": 1,
            "minorMax": 8
          },
          "adapters": [],
          "exports": 1,
          "removing": false
        },
        {
          "kind": "stacks",
          "name": "kind",
          "version": 3678237199507458,
          "description": "d",
          "onDemand": {
            "prefix": "on-",
            "policy": "wait"
          },
          "builtIn": false,
          "protocol": {
            "major": 1,
            "minorMax": 8
          },
          "adapters": [],
          "exports": 1,
          "removing": false
        }
      ]
    }
  },
  "get /v1/stacks/{name}": {
    "200": {
      "kind": "stacks",
      "name": "kind",
      "version": 3678237199507458,
      "description": "d",
      "onDemand": {
        "prefix": "on-",
        "policy": "wait"
      },
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 8
      },
      "adapters": [],
      "exports": 1,
      "removing": false
    }
  },
  "post /v1/stacks/{name}/pins": {
    "201": {
      "pinId": "c0cba1ab-b206-82ea-8208-f9cc00000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "c0cba1ab-b206-82ea-8208-f9cc00000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    }
  },
  "get /v1/stacks/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "exports",
          "name": "lazy"
        },
        {
          "kind": "pins",
          "name": "c0cba1ab-b206-82ea-8208-f9cc00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "000c2bdb-8498-8ef6-8035-45c400000000"
          }
        }
      ]
    }
  },
  "delete /v1/pins/{id}": {},
  "get /v1/exports": {
    "200": {
      "exports": [
        {
          "kind": "exports",
          "exportId": "3678237191663616",
          "name": "local",
          "version": 3678237191663617,
          "stack": "local",
          "policy": "refuse",
          "onDemand": false,
          "state": "up",
          "breakMs": 60000,
          "lockDelayMs": 0,
          "breakLimitMs": 0,
          "directories": true,
          "unconfirmedFiles": 0,
          "unbackedFiles": 0,
          "delegations": 1,
          "withoutBackend": {
            "refused": 0,
            "queued": 0,
            "unbacked": 0
          }
        },
        {
          "kind": "exports",
          "exportId": "3678237199716352",
          "name": "lazy",
          "version": 3678237199716354,
          "stack": "kind",
          "policy": "local",
          "region": "region",
          "onDemand": false,
          "state": "none",
          "breakMs": 1000,
          "lockDelayMs": 0,
          "breakLimitMs": 0,
          "directories": false,
          "unconfirmedFiles": 0,
          "unbackedFiles": 0,
          "delegations": 0,
          "withoutBackend": {
            "refused": 0,
            "queued": 0,
            "unbacked": 0
          }
        }
      ]
    }
  },
  "get /v1/exports/{name}": {
    "200": {
      "kind": "exports",
      "exportId": "3678237199716352",
      "name": "lazy",
      "version": 3678237199716354,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 1000,
      "lockDelayMs": 0,
      "breakLimitMs": 0,
      "directories": false,
      "unconfirmedFiles": 0,
      "unbackedFiles": 0,
      "delegations": 0,
      "withoutBackend": {
        "refused": 0,
        "queued": 0,
        "unbacked": 0
      }
    }
  },
  "post /v1/exports/{name}/pins": {
    "201": {
      "pinId": "fa5d0075-ede2-8dda-b31e-2bc800000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "fa5d0075-ede2-8dda-b31e-2bc800000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "000c2bdb-8498-8ef6-8035-45c400000000"
          }
        }
      ]
    }
  },
  "get /v1/nodes": {
    "200": {
      "nodes": [
        {
          "kind": "nodes",
          "name": "node",
          "version": 3678237199644673,
          "region": "region",
          "state": "down",
          "sessions": 0,
          "removing": false
        }
      ]
    }
  },
  "get /v1/nodes/{name}": {
    "200": {
      "kind": "nodes",
      "name": "node",
      "version": 3678237199644673,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "8136ad04-543e-8cff-b4a8-137900000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "8136ad04-543e-8cff-b4a8-137900000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "000c2bdb-8498-8ef6-8035-45c400000000"
          }
        }
      ]
    }
  },
  "get /v1/regions": {
    "200": {
      "regions": [
        {
          "kind": "regions",
          "name": "region",
          "version": 3678237199589377,
          "beatMs": 1000,
          "deadMs": 10000,
          "ackMs": 5000,
          "nodes": 1,
          "subscribers": 0,
          "removing": false
        }
      ]
    }
  },
  "get /v1/regions/{name}": {
    "200": {
      "kind": "regions",
      "name": "region",
      "version": 3678237199589377,
      "beatMs": 1000,
      "deadMs": 10000,
      "ackMs": 5000,
      "nodes": 1,
      "subscribers": 0,
      "removing": false
    }
  },
  "post /v1/regions/{name}/pins": {
    "201": {
      "pinId": "fed39a1d-d1cb-8b5e-b497-10d800000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "because": "it is used"
    }
  },
  "get /v1/regions/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "nodes",
          "name": "node"
        },
        {
          "kind": "exports",
          "name": "lazy"
        },
        {
          "kind": "pins",
          "name": "fed39a1d-d1cb-8b5e-b497-10d800000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "000c2bdb-8498-8ef6-8035-45c400000000"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000"
    }
  },
  "post /v1/nodes/{name}/beat": {
    "200": {
      "state": "up",
      "beatMs": 1000,
      "deadMs": 10000,
      "sessionsLost": 0
    },
    "request": {
      "incarnation": "one"
    }
  },
  "post /v1/nodes/{name}/acks": {
    "200": {
      "taken": false
    },
    "request": {
      "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "c69840a8-61e9-8539-b41e-305f00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T04:50:58.365Z",
      "deadlineAt": "2026-11-30T04:50:59.365Z",
      "did": {
        "requestsCancelled": 0,
        "leasesBroken": 0,
        "leasesRevoked": 0,
        "opensClosed": 0,
        "rangesReleased": 0,
        "sessionsEnded": 0,
        "pinsDropped": 0,
        "removed": []
      },
      "filesLeft": 0
    },
    "request": {
      "deadlineMs": 1000
    }
  },
  "get /v1/operations/{id}": {
    "200": {
      "operationId": "c69840a8-61e9-8539-b41e-305f00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T04:50:58.365Z",
      "deadlineAt": "2026-11-30T04:50:59.365Z",
      "endedAt": "2026-11-30T04:50:58.384Z",
      "did": {
        "requestsCancelled": 0,
        "leasesBroken": 0,
        "leasesRevoked": 0,
        "opensClosed": 0,
        "rangesReleased": 0,
        "sessionsEnded": 0,
        "pinsDropped": 0,
        "removed": []
      },
      "filesLeft": 0
    }
  },
  "get /v1/operations": {
    "200": {
      "operations": [
        {
          "operationId": "c69840a8-61e9-8539-b41e-305f00000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T04:50:58.365Z",
          "deadlineAt": "2026-11-30T04:50:59.365Z",
          "endedAt": "2026-11-30T04:50:58.384Z",
          "did": {
            "requestsCancelled": 0,
            "leasesBroken": 0,
            "leasesRevoked": 0,
            "opensClosed": 0,
            "rangesReleased": 0,
            "sessionsEnded": 0,
            "pinsDropped": 0,
            "removed": []
          },
          "filesLeft": 0
        }
      ]
    }
  },
  "post /v1/exports/{name}/resume": {
    "200": {
      "kind": "exports",
      "exportId": "3678237199716352",
      "name": "lazy",
      "version": 3678237199716354,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 1000,
      "lockDelayMs": 0,
      "breakLimitMs": 0,
      "directories": false,
      "unconfirmedFiles": 0,
      "unbackedFiles": 0,
      "delegations": 0,
      "withoutBackend": {
        "refused": 0,
        "queued": 0,
        "unbacked": 0
      }
    }
  },
  "delete /v1/regions/{name}": {
    "202": {
      "operationId": "faf71913-6a7e-8825-90b6-eb5800000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T04:50:58.672Z",
      "deadlineAt": "2026-11-30T04:50:59.672Z",
      "did": {
        "requestsCancelled": 0,
        "leasesBroken": 0,
        "leasesRevoked": 0,
        "opensClosed": 0,
        "rangesReleased": 0,
        "sessionsEnded": 0,
        "pinsDropped": 0,
        "removed": []
      },
      "filesLeft": 0
    }
  },
  "delete /v1/stacks/{name}": {},
  "get /v1/subjects": {
    "200": {
      "subjects": []
    }
  },
  "get /readyz": {
    "200": {
      "ready": true,
      "exports": [
        {
          "name": "local",
          "state": "up",
          "unconfirmedFiles": 0
        }
      ]
    }
  },
  "get /livez": {
    "200": {
      "alive": true
    }
  },
  "get /metrics": {},
  "delete /v1/sessions/{id}": {
    "200": {
      "session": {
        "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T04:51:55.574Z",
        "lastSeenAt": "2026-11-30T04:50:55.574Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 6,
        "streams": 0
      },
      "locks": [
        {
          "id": "3479af7e-18d8-8cb4-b8db-ed9500000000",
          "no": 3678237195608064,
          "kind": "lease",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 3418,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "240f7e5e-10b2-85b4-ac9e-4ab300000000",
          "no": 3678237195788288,
          "kind": "lease",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 3330,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "88085a1a-7d2a-8850-88fd-f60100000000",
          "no": 3678237195788289,
          "kind": "lease",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 3330,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "24f55095-28a8-83da-a725-b5bf00000000",
          "no": 3678237196982273,
          "kind": "open",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2747,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "c1feaf27-235b-890a-afb3-46bd00000000",
          "no": 3678237196982274,
          "kind": "delegation",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2747,
          "type": "read",
          "state": "breaking",
          "token": 3678237196982272,
          "backed": false,
          "break": {
            "breakId": "b3678237198751744",
            "target": "none",
            "deadlineAt": "2026-11-30T04:51:57.204Z",
            "remainingMs": 58118,
            "cause": "change"
          }
        },
        {
          "id": "ee7946e0-255f-8a4a-adfb-918700000000",
          "no": 3678237198012416,
          "kind": "permit",
          "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
          "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2221,
          "type": "permit",
          "state": "held",
          "token": 3678237198059520,
          "backed": false
        }
      ],
      "waiting": 0,
      "truncated": false
    }
  }
};
export const refusalExamples: Record<string, unknown> = {
  "break_started": {
    "type": "urn:leasehold:break_started",
    "title": "A conflicting lease is being broken.",
    "status": 409,
    "instance": "urn:leasehold:request:4df63cacbaad-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59888,
    "blockers": [
      {
        "id": "07a8179d-4a18-88ab-af11-bd8800000000",
        "kind": "lease",
        "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
        "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 382,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678237196443648",
      "target": "none",
      "deadlineAt": "2026-11-30T04:51:56.075Z",
      "remainingMs": 59888
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:4df63cacbaad-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:4df63cacbaad-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "b41e9ab6-ebea-86bc-97a2-921900000000",
        "kind": "posix",
        "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
        "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 119,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    ]
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:4df63cacbaad-z",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "6c31af64-b763-8236-a4a9-a5c900000000",
        "kind": "permit",
        "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
        "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 25,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:4df63cacbaad-10",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:4df63cacbaad-16",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "8ccdb4e6-86f7-8b38-97b7-759300000000",
        "kind": "dlm",
        "sessionId": "000c2bdb-8498-8ef6-8035-45c400000000",
        "owner": "000c2bdb-8498-8ef6-8035-45c400000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 9,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:4df63cacbaad-1i",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:4df63cacbaad-1l",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:4df63cacbaad-1o",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as a3ac0f9e-da8a-8b82-93ec-09e800000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:4df63cacbaad-21",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:4df63cacbaad-2b",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678237199716354
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:4df63cacbaad-2h",
    "code": "EBUSY",
    "reason": "has_dependents",
    "next": "Remove what `dependents` lists first, or remove the item with force=true.",
    "dependents": [
      {
        "kind": "exports",
        "name": "lazy"
      },
      {
        "kind": "pins",
        "name": "c0cba1ab-b206-82ea-8208-f9cc00000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "000c2bdb-8498-8ef6-8035-45c400000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:4df63cacbaad-3e",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:4df63cacbaad-3j",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:4df63cacbaad-3o",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:4df63cacbaad-3q",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};

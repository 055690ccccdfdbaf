/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T09:36:47.482Z",
      "lastSeenAt": "2026-11-30T09:35:47.482Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "secret": "HnHyKtwxkYwpD4h8_I8diAf1qORja_LdwjgFdxUDgdK"
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
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T09:36:47.481Z",
          "lastSeenAt": "2026-11-30T09:35:47.481Z",
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T09:36:47.481Z",
      "lastSeenAt": "2026-11-30T09:35:47.481Z",
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T09:36:47.517Z",
      "lastSeenAt": "2026-11-30T09:35:47.517Z",
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
      "leaseId": "9bce1c6f-14fa-8a92-b088-305200000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "9bce1c6f14fa8a92b0883052"
      },
      "backed": false
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "c47e1336-7595-833a-9310-bad500000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678272199847936,
      "stateid": {
        "seqid": 1,
        "other": "c47e13367595833a9310bad5"
      },
      "backed": false
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "9bce1c6f-14fa-8a92-b088-305200000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "9bce1c6f14fa8a92b0883052"
          },
          "backed": false
        },
        {
          "leaseId": "e2da0aa3-6311-8a3f-82f4-b3e300000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "e2da0aa363118a3f82f4b3e3"
          },
          "backed": false
        }
      ],
      "cursor": "3678272199802880"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "c47e1336-7595-833a-9310-bad500000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678272199923712,
      "stateid": {
        "seqid": 2,
        "other": "c47e13367595833a9310bad5"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678272199847936
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "88d5dfa9-3051-8043-b7a5-1d8a00000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "88d5dfa930518043b7a51d8a"
      },
      "backed": false
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "88d5dfa9-3051-8043-b7a5-1d8a00000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "88d5dfa930518043b7a51d8a"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678272200019968",
        "target": "none",
        "deadlineAt": "2026-11-30T09:36:47.666Z",
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
      "leaseId": "c47e1336-7595-833a-9310-bad500000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678272199923712,
      "stateid": {
        "seqid": 2,
        "other": "c47e13367595833a9310bad5"
      },
      "backed": false,
      "break": {
        "breakId": "b3678272200019968",
        "target": "none",
        "deadlineAt": "2026-11-30T09:36:47.666Z",
        "remainingMs": 59977,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "88d5dfa9-3051-8043-b7a5-1d8a00000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "88d5dfa930518043b7a51d8a"
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
      "id": "2a9a5334-d114-853b-b942-d89100000000",
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "481c2cf9-819f-80ec-8829-bb0800000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "rangeId": "19ea9a77-d37f-8ec9-8cb7-f60a00000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "rangeId": "481c2cf9-819f-80ec-8829-bb0800000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
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
        "id": "481c2cf9-819f-80ec-8829-bb0800000000",
        "kind": "posix",
        "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
        "owner": "855f258e-3c8f-8074-826a-f5b300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 20,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "id": "19ea9a77-d37f-8ec9-8cb7-f60a00000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59977,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "481c2cf9-819f-80ec-8829-bb0800000000",
            "kind": "posix",
            "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
            "owner": "855f258e-3c8f-8074-826a-f5b300000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 75,
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
          "id": "481c2cf9-819f-80ec-8829-bb0800000000",
          "no": 3678272200384513,
          "kind": "posix",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 96,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "19ea9a77-d37f-8ec9-8cb7-f60a00000000",
              "no": 3678272200491008,
              "kind": "posix",
              "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 44,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "481c2cf9-819f-80ec-8829-bb0800000000"
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993"
    }
  },
  "post /v1/batch": {
    "200": {
      "answers": [
        {
          "index": 0,
          "status": 201,
          "body": {
            "leaseId": "723a9823-3738-83cd-88a3-cf1e00000000",
            "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
            "owner": "855f258e-3c8f-8074-826a-f5b300000000",
            "export": "local",
            "file": "batch/a",
            "fileId": "batch/a",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678272200660992,
            "stateid": {
              "seqid": 1,
              "other": "723a9823373883cd88a3cf1e"
            },
            "backed": false
          }
        },
        {
          "index": 1,
          "status": 201,
          "body": {
            "leaseId": "596692f2-68c8-8b6f-b4e4-ce7800000000",
            "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
            "owner": "855f258e-3c8f-8074-826a-f5b300000000",
            "export": "local",
            "file": "batch/b",
            "fileId": "batch/b",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678272200660993,
            "stateid": {
              "seqid": 1,
              "other": "596692f268c88b6fb4e4ce78"
            },
            "backed": false
          }
        }
      ]
    },
    "request": {
      "calls": [
        {
          "method": "POST",
          "path": "/v1/leases/acquire",
          "body": {
            "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
            "export": "local",
            "file": "batch/a",
            "type": "write",
            "requestId": "a"
          }
        },
        {
          "method": "POST",
          "path": "/v1/leases/acquire",
          "body": {
            "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
            "export": "local",
            "file": "batch/b",
            "type": "write",
            "requestId": "b"
          }
        }
      ]
    }
  },
  "post /v1/sets": {
    "201": {
      "leases": [
        {
          "leaseId": "f3c53231-ee65-84f8-8fba-684f00000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678272200728576,
          "stateid": {
            "seqid": 1,
            "other": "f3c53231ee6584f88fba684f"
          },
          "backed": false
        },
        {
          "leaseId": "57b9cd9b-54a0-877c-b7f8-80b500000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678272200753152,
          "stateid": {
            "seqid": 1,
            "other": "57b9cd9b54a0877cb7f880b5"
          },
          "backed": false
        }
      ],
      "ranges": [
        {
          "rangeId": "599225fa-65b7-84c5-8e24-92fd00000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "set/index",
          "fileId": "set/index",
          "class": "posix",
          "type": "write",
          "start": "0",
          "end": "99",
          "state": "held",
          "backed": false
        }
      ],
      "permits": [
        {
          "permitId": "a56ef3b9-a229-8233-b24c-574200000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "semaphore": "moves",
          "state": "held",
          "token": 3678272200773632
        }
      ]
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "leases": [
        {
          "export": "local",
          "file": "set/from",
          "type": "write"
        },
        {
          "export": "local",
          "file": "set/to",
          "type": "write"
        }
      ],
      "ranges": [
        {
          "export": "local",
          "file": "set/index",
          "class": "posix",
          "type": "write",
          "start": 0,
          "end": 99
        }
      ],
      "permits": [
        {
          "export": "local",
          "semaphore": "moves",
          "limit": 3
        }
      ],
      "requestId": "set"
    }
  },
  "post /v1/permits": {
    "201": {
      "permitId": "dffb19ea-5345-8d7d-bd02-0fa700000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678272200863744
    },
    "202": {
      "permitId": "a79b6746-fb04-892a-ab7b-af2100000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting"
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "dffb19ea-5345-8d7d-bd02-0fa700000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678272200863744
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "dffb19ea-5345-8d7d-bd02-0fa700000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678272200863744
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "92c96282-831a-8d1d-ace1-357300000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678272201234432
    },
    "202": {
      "lockId": "33773826-d047-8aa7-96c4-83c800000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "seqid": 0
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
          "lockId": "92c96282-831a-8d1d-ace1-357300000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678272201234432,
          "blocking": "PR"
        },
        {
          "lockId": "33773826-d047-8aa7-96c4-83c800000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "lockId": "92c96282-831a-8d1d-ace1-357300000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678272201234432,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "92c96282-831a-8d1d-ace1-357300000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678272201234432,
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
          "lockId": "92c96282-831a-8d1d-ace1-357300000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678272201234432,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "33773826-d047-8aa7-96c4-83c800000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59936
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "lockId": "33773826-d047-8aa7-96c4-83c800000000"
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
      "connectionId": "a7440b0e-75a6-8cbb-a46f-b42000000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
          "connectionId": "a7440b0e-75a6-8cbb-a46f-b42000000000",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "connectionId": "a7440b0e-75a6-8cbb-a46f-b42000000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "connectionId": "a7440b0e-75a6-8cbb-a46f-b42000000000",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "changeId": "c3f64847-5589-896b-b197-604500000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "842305ee-ca1b-8e86-9386-ab8700000000",
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
      "id": "c47e1336-7595-833a-9310-bad500000000",
      "no": 3678272199847937,
      "kind": "lease",
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "owner": "855f258e-3c8f-8074-826a-f5b300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 1003,
      "type": "read",
      "state": "breaking",
      "token": 3678272199923712,
      "backed": false,
      "break": {
        "breakId": "b3678272200019968",
        "target": "none",
        "deadlineAt": "2026-11-30T09:36:47.667Z",
        "remainingMs": 59082,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678272199923712
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "c47e1336-7595-833a-9310-bad500000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678272199923712,
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
      "version": 3678272202100738,
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
      "version": 3678272202121217,
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
      "version": 3678272202158081,
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
      "exportId": "3678272202196992",
      "name": "lazy",
      "version": 3678272202196994,
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
          "version": 3678272198742019,
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
          "version": 3678272202100738,
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
      "version": 3678272202100738,
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
      "pinId": "14d82f63-1811-8518-ba2e-19c700000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "14d82f63-1811-8518-ba2e-19c700000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
          "name": "14d82f63-1811-8518-ba2e-19c700000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "855f258e-3c8f-8074-826a-f5b300000000"
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
          "exportId": "3678272198742016",
          "name": "local",
          "version": 3678272198742017,
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
          "exportId": "3678272202196992",
          "name": "lazy",
          "version": 3678272202196994,
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
      "exportId": "3678272202196992",
      "name": "lazy",
      "version": 3678272202196994,
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
      "pinId": "b09800ad-725d-818f-b4c9-8ea200000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "b09800ad-725d-818f-b4c9-8ea200000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "855f258e-3c8f-8074-826a-f5b300000000"
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
          "version": 3678272202158081,
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
      "version": 3678272202158081,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "ccd90f71-b851-8414-957b-536b00000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "ccd90f71-b851-8414-957b-536b00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "855f258e-3c8f-8074-826a-f5b300000000"
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
          "version": 3678272202121217,
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
      "version": 3678272202121217,
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
      "pinId": "1d41aa1c-6cb5-8d78-87ca-b17500000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
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
          "name": "1d41aa1c-6cb5-8d78-87ca-b17500000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "855f258e-3c8f-8074-826a-f5b300000000"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000"
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
      "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "f3f71199-c894-8e03-b7ac-b5af00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T09:35:49.334Z",
      "deadlineAt": "2026-11-30T09:35:50.334Z",
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
      "operationId": "f3f71199-c894-8e03-b7ac-b5af00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T09:35:49.334Z",
      "deadlineAt": "2026-11-30T09:35:50.334Z",
      "endedAt": "2026-11-30T09:35:49.347Z",
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
          "operationId": "f3f71199-c894-8e03-b7ac-b5af00000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T09:35:49.334Z",
          "deadlineAt": "2026-11-30T09:35:50.334Z",
          "endedAt": "2026-11-30T09:35:49.347Z",
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
      "exportId": "3678272202196992",
      "name": "lazy",
      "version": 3678272202196994,
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
      "operationId": "23044651-a7c9-8e5c-ae5e-56df00000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T09:35:49.446Z",
      "deadlineAt": "2026-11-30T09:35:50.446Z",
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
      ],
      "format": 2,
      "unnamed": 0,
      "servers": [
        {
          "version": "0.1.0",
          "format": 2
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
        "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T09:36:47.516Z",
        "lastSeenAt": "2026-11-30T09:35:47.516Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 11,
        "streams": 0
      },
      "locks": [
        {
          "id": "9bce1c6f-14fa-8a92-b088-305200000000",
          "no": 3678272199747584,
          "kind": "lease",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2197,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "e2da0aa3-6311-8a3f-82f4-b3e300000000",
          "no": 3678272199802880,
          "kind": "lease",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2170,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "0300dfd8-deab-82dd-b1cf-1a6300000000",
          "no": 3678272199802881,
          "kind": "lease",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2170,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "ede90102-29f0-84fb-9db9-4b7400000000",
          "no": 3678272200181761,
          "kind": "open",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1985,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "2a9a5334-d114-853b-b942-d89100000000",
          "no": 3678272200181762,
          "kind": "delegation",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1985,
          "type": "read",
          "state": "breaking",
          "token": 3678272200181760,
          "backed": false,
          "break": {
            "breakId": "b3678272201826304",
            "target": "none",
            "deadlineAt": "2026-11-30T09:36:48.547Z",
            "remainingMs": 58817,
            "cause": "change"
          }
        },
        {
          "id": "723a9823-3738-83cd-88a3-cf1e00000000",
          "no": 3678272200660993,
          "kind": "lease",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "batch/a",
          "fileId": "batch/a",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1751,
          "type": "write",
          "state": "active",
          "token": 3678272200660992,
          "backed": false
        },
        {
          "id": "596692f2-68c8-8b6f-b4e4-ce7800000000",
          "no": 3678272200660995,
          "kind": "lease",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "batch/b",
          "fileId": "batch/b",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1751,
          "type": "write",
          "state": "active",
          "token": 3678272200660993,
          "backed": false
        },
        {
          "id": "f3c53231-ee65-84f8-8fba-684f00000000",
          "no": 3678272200728577,
          "kind": "lease",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1718,
          "type": "write",
          "state": "active",
          "token": 3678272200728576,
          "backed": false
        },
        {
          "id": "57b9cd9b-54a0-877c-b7f8-80b500000000",
          "no": 3678272200753153,
          "kind": "lease",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1706,
          "type": "write",
          "state": "active",
          "token": 3678272200753152,
          "backed": false
        },
        {
          "id": "a56ef3b9-a229-8233-b24c-574200000000",
          "no": 3678272200773633,
          "kind": "permit",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "moves",
          "fileId": "moves",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1696,
          "type": "permit",
          "state": "held",
          "token": 3678272200773632,
          "backed": false
        },
        {
          "id": "a79b6746-fb04-892a-ab7b-af2100000000",
          "no": 3678272201103360,
          "kind": "permit",
          "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
          "owner": "855f258e-3c8f-8074-826a-f5b300000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1487,
          "type": "permit",
          "state": "held",
          "token": 3678272201201664,
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
    "instance": "urn:leasehold:request:fef58124f1c1-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59956,
    "blockers": [
      {
        "id": "c47e1336-7595-833a-9310-bad500000000",
        "kind": "lease",
        "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
        "owner": "855f258e-3c8f-8074-826a-f5b300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 129,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678272200019968",
      "target": "none",
      "deadlineAt": "2026-11-30T09:36:47.667Z",
      "remainingMs": 59956
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:fef58124f1c1-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:fef58124f1c1-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "481c2cf9-819f-80ec-8829-bb0800000000",
        "kind": "posix",
        "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
        "owner": "855f258e-3c8f-8074-826a-f5b300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 34,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    ]
  },
  "owner_has_lease": {
    "type": "urn:leasehold:owner_has_lease",
    "title": "This owner already holds a lease on the file.",
    "status": 409,
    "instance": "urn:leasehold:request:fef58124f1c1-y",
    "code": "EEXIST",
    "reason": "owner_has_lease",
    "next": "Use the lease in `leaseId`.",
    "leaseId": "f3c53231-ee65-84f8-8fba-684f00000000",
    "detail": "Nothing of the set is held. It was refused the lease of local:set/from."
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:fef58124f1c1-12",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "dffb19ea-5345-8d7d-bd02-0fa700000000",
        "kind": "permit",
        "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
        "owner": "855f258e-3c8f-8074-826a-f5b300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 31,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:fef58124f1c1-13",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:fef58124f1c1-19",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "92c96282-831a-8d1d-ace1-357300000000",
        "kind": "dlm",
        "sessionId": "855f258e-3c8f-8074-826a-f5b300000000",
        "owner": "855f258e-3c8f-8074-826a-f5b300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 16,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:fef58124f1c1-1l",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:fef58124f1c1-1o",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:fef58124f1c1-1r",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as a7440b0e-75a6-8cbb-a46f-b42000000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:fef58124f1c1-24",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:fef58124f1c1-2e",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678272202196994
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:fef58124f1c1-2k",
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
        "name": "14d82f63-1811-8518-ba2e-19c700000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "855f258e-3c8f-8074-826a-f5b300000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:fef58124f1c1-3h",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:fef58124f1c1-3m",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:fef58124f1c1-3s",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:fef58124f1c1-3u",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};

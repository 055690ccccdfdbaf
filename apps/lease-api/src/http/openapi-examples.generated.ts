/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T20:31:19.993Z",
      "lastSeenAt": "2026-11-30T20:30:19.993Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "tableLife": "0",
      "secret": "2qFzeS1xiKuiEbt6_FKI6g32g_yRJNUxdbFXql22p6M"
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
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T20:31:19.994Z",
          "lastSeenAt": "2026-11-30T20:30:19.994Z",
          "state": "live",
          "node": "n",
          "pid": 1,
          "label": "l",
          "locks": 0,
          "streams": 0,
          "tableLife": "0"
        }
      ]
    }
  },
  "get /v1/sessions/{id}": {
    "200": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T20:31:19.993Z",
      "lastSeenAt": "2026-11-30T20:30:19.993Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "tableLife": "0"
    }
  },
  "post /v1/sessions/{id}/keepalive": {
    "200": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T20:31:20.018Z",
      "lastSeenAt": "2026-11-30T20:30:20.018Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "tableLife": "0"
    }
  },
  "post /v1/leases": {
    "201": {
      "leaseId": "c94d67ed-13e3-8ddc-8675-c60f00000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "c94d67ed13e38ddc8675c60f"
      },
      "backed": false
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "730c45f9-f3a4-84b3-a79e-d26600000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678352629872640,
      "stateid": {
        "seqid": 1,
        "other": "730c45f9f3a484b3a79ed266"
      },
      "backed": false
    },
    "202": {
      "leaseId": "94d37809-45a7-8fc7-bd58-7bfe00000000",
      "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
      "owner": "988ac88a-1c43-8a14-9887-6de500000000",
      "export": "local",
      "file": "held",
      "fileId": "held",
      "type": "none",
      "delegation": false,
      "waitType": "write",
      "waitNo": 3678352633075713,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "94d3780945a78fc7bd587bfe"
      },
      "backed": false
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "c94d67ed-13e3-8ddc-8675-c60f00000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "c94d67ed13e38ddc8675c60f"
          },
          "backed": false
        },
        {
          "leaseId": "3410945e-d805-8efa-a17e-3f7f00000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "3410945ed8058efaa17e3f7f"
          },
          "backed": false
        }
      ],
      "cursor": "3678352629843968"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "730c45f9-f3a4-84b3-a79e-d26600000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678352629925888,
      "stateid": {
        "seqid": 2,
        "other": "730c45f9f3a484b3a79ed266"
      },
      "backed": false
    },
    "202": {
      "leaseId": "c16e043d-f72b-88c2-b36f-f8d900000000",
      "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
      "owner": "988ac88a-1c43-8a14-9887-6de500000000",
      "export": "local",
      "file": "kept",
      "fileId": "kept",
      "type": "none",
      "delegation": false,
      "waitType": "write",
      "waitNo": 3678352633104384,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "c16e043df72b88c2b36ff8d9"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678352629872640
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "16d0691d-8929-8ea1-b72b-c91200000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "16d0691d89298ea1b72bc912"
      },
      "backed": false
    },
    "202": {
      "openId": "0ce10bab-713e-879c-befd-947700000000",
      "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
      "owner": "988ac88a-1c43-8a14-9887-6de500000000",
      "export": "local",
      "file": "denied",
      "fileId": "denied",
      "access": "write",
      "deny": "none",
      "state": "waiting",
      "waitNo": 3678352633143298,
      "stateid": {
        "seqid": 0,
        "other": "0ce10bab713e879cbefd9477"
      },
      "backed": false
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "16d0691d-8929-8ea1-b72b-c91200000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "16d0691d89298ea1b72bc912"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678352629995520",
        "target": "none",
        "deadlineAt": "2026-11-30T20:31:20.115Z",
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
      "leaseId": "730c45f9-f3a4-84b3-a79e-d26600000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678352629925888,
      "stateid": {
        "seqid": 2,
        "other": "730c45f9f3a484b3a79ed266"
      },
      "backed": false,
      "break": {
        "breakId": "b3678352629995520",
        "target": "none",
        "deadlineAt": "2026-11-30T20:31:20.116Z",
        "remainingMs": 59994,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "16d0691d-8929-8ea1-b72b-c91200000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "16d0691d89298ea1b72bc912"
      },
      "backed": false
    },
    "202": {
      "openId": "47e0489f-b2aa-84a8-922b-3d7b00000000",
      "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
      "owner": "988ac88a-1c43-8a14-9887-6de500000000",
      "export": "local",
      "file": "less",
      "fileId": "less",
      "access": "read",
      "deny": "none",
      "state": "open",
      "toAccess": "both",
      "toDeny": "none",
      "waitNo": 3678352633192448,
      "stateid": {
        "seqid": 1,
        "other": "47e0489fb2aa84a8922b3d7b"
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
      "id": "1ca93073-510c-8d4c-bd33-28eb00000000",
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
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "04b11b64-275e-89e6-8d96-9bec00000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "rangeId": "aa5a75c6-5c0d-8ee8-bbae-e05600000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "other",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "read",
      "start": "0",
      "end": "9007199254740993",
      "state": "waiting",
      "waitNo": 3678352630265857,
      "backed": false
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "rangeId": "04b11b64-275e-89e6-8d96-9bec00000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
        "id": "04b11b64-275e-89e6-8d96-9bec00000000",
        "kind": "posix",
        "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 12,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "id": "aa5a75c6-5c0d-8ee8-bbae-e05600000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59992,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "04b11b64-275e-89e6-8d96-9bec00000000",
            "kind": "posix",
            "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
            "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 47,
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
          "id": "04b11b64-275e-89e6-8d96-9bec00000000",
          "no": 3678352630185985,
          "kind": "posix",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 60,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "aa5a75c6-5c0d-8ee8-bbae-e05600000000",
              "no": 3678352630265856,
              "kind": "posix",
              "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 21,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "04b11b64-275e-89e6-8d96-9bec00000000"
            }
          ]
        }
      ]
    },
    "200 text/plain": "3678352629872641: LEASE  BREAKING  UNLCK 1 <none>:0 0 EOF\n3678352630069250: DELEG  BREAKING  UNLCK 1 <none>:0 0 EOF\n3678352630368257: LEASE  ACTIVE    WRITE 1 <none>:0 0 EOF\n3678352630368259: LEASE  ACTIVE    WRITE 1 <none>:0 0 EOF\n3678352630413313: LEASE  ACTIVE    WRITE 1 <none>:0 0 EOF\n3678352630419457: LEASE  ACTIVE    WRITE 1 <none>:0 0 EOF\n3678352630421505: POSIX  ADVISORY  WRITE 1 <none>:0 0 99\n\n",
    "200 application/x-ndjson": {
      "id": "730c45f9-f3a4-84b3-a79e-d26600000000",
      "no": 3678352629872641,
      "kind": "lease",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 727,
      "type": "read",
      "state": "breaking",
      "token": 3678352629925888,
      "backed": false,
      "break": {
        "breakId": "b3678352629995520",
        "target": "none",
        "deadlineAt": "2026-11-30T20:31:20.115Z",
        "remainingMs": 59333,
        "cause": "admin"
      }
    }
  },
  "delete /v1/ranges/{id}": {},
  "post /v1/ranges/unlock": {
    "200": {
      "unlocked": true
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
            "leaseId": "0ba41eb2-375e-89b3-8272-004400000000",
            "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
            "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
            "export": "local",
            "file": "batch/a",
            "fileId": "batch/a",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678352630368256,
            "stateid": {
              "seqid": 1,
              "other": "0ba41eb2375e89b382720044"
            },
            "backed": false
          }
        },
        {
          "index": 1,
          "status": 201,
          "body": {
            "leaseId": "f1f94528-0662-8efe-aa25-ad2900000000",
            "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
            "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
            "export": "local",
            "file": "batch/b",
            "fileId": "batch/b",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678352630368257,
            "stateid": {
              "seqid": 1,
              "other": "f1f9452806628efeaa25ad29"
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
            "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
            "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
            "export": "local",
            "file": "batch/b",
            "type": "write",
            "requestId": "b"
          }
        }
      ]
    },
    "200 application/x-ndjson": {
      "index": 0,
      "status": 201,
      "body": {
        "leaseId": "b378edf3-6d12-8c7c-9c9c-f3dc00000000",
        "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
        "owner": "988ac88a-1c43-8a14-9887-6de500000000",
        "export": "local",
        "file": "one",
        "fileId": "one",
        "type": "write",
        "delegation": false,
        "state": "active",
        "token": 3678352633264128,
        "stateid": {
          "seqid": 1,
          "other": "b378edf36d128c7c9c9cf3dc"
        },
        "backed": false
      }
    }
  },
  "post /v1/sets": {
    "201": {
      "leases": [
        {
          "leaseId": "8baceb72-33be-8026-9468-4a1300000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678352630413312,
          "stateid": {
            "seqid": 1,
            "other": "8baceb7233be802694684a13"
          },
          "backed": false
        },
        {
          "leaseId": "e7bd659e-49f2-8c6f-b3d1-9c4a00000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678352630419456,
          "stateid": {
            "seqid": 1,
            "other": "e7bd659e49f28c6fb3d19c4a"
          },
          "backed": false
        }
      ],
      "ranges": [
        {
          "rangeId": "8f7251b8-16b2-874a-bb2b-27bb00000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
          "permitId": "05666cca-e78d-8e89-81c7-4d8900000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "semaphore": "moves",
          "state": "held",
          "token": 3678352630427648
        }
      ]
    },
    "202": {
      "leases": [
        {
          "leaseId": "0cf6043e-b325-8572-af55-e96900000000",
          "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
          "owner": "988ac88a-1c43-8a14-9887-6de500000000",
          "export": "local",
          "file": "set",
          "fileId": "set",
          "type": "none",
          "delegation": false,
          "waitType": "write",
          "waitNo": 3678352633202689,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "0cf6043eb3258572af55e969"
          },
          "backed": false
        }
      ],
      "ranges": [],
      "permits": []
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "permitId": "02ba7d8d-81a3-88f9-b25d-71ae00000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678352630462464
    },
    "202": {
      "permitId": "12370bce-0178-823b-8f55-8d7800000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting",
      "waitNo": 3678352630540289
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "02ba7d8d-81a3-88f9-b25d-71ae00000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678352630462464
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "02ba7d8d-81a3-88f9-b25d-71ae00000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678352630462464
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "444408da-d7f6-819c-912d-81de00000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678352630601728
    },
    "202": {
      "lockId": "0e2829df-3eaa-88d4-93a1-2e3200000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "waitNo": 3678352630691841,
      "seqid": 0
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
          "lockId": "444408da-d7f6-819c-912d-81de00000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678352630601728,
          "blocking": "PR"
        },
        {
          "lockId": "0e2829df-3eaa-88d4-93a1-2e3200000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "waitNo": 3678352630691841,
          "seqid": 0
        }
      ]
    }
  },
  "get /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "444408da-d7f6-819c-912d-81de00000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678352630601728,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "444408da-d7f6-819c-912d-81de00000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678352630601728,
      "blocking": "PR"
    },
    "202": {
      "lockId": "59859052-f791-8ba5-9157-f68a00000000",
      "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
      "owner": "988ac88a-1c43-8a14-9887-6de500000000",
      "export": "local",
      "resource": "shared",
      "state": "converting",
      "mode": "PR",
      "wants": "EX",
      "waitNo": 3678352633245696,
      "seqid": 1
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
          "lockId": "444408da-d7f6-819c-912d-81de00000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678352630601728,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "0e2829df-3eaa-88d4-93a1-2e3200000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "waitNo": 3678352630691841,
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59952
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
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "lockId": "0e2829df-3eaa-88d4-93a1-2e3200000000"
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
      "connectionId": "82bc4c5b-6405-8cf5-a8f4-5e9700000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
          "connectionId": "82bc4c5b-6405-8cf5-a8f4-5e9700000000",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "connectionId": "82bc4c5b-6405-8cf5-a8f4-5e9700000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "connectionId": "82bc4c5b-6405-8cf5-a8f4-5e9700000000",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "changeId": "1051ce09-3414-82a4-bdb6-147600000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "5ca26990-02f4-8ff4-8fe6-fb5800000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "waiting",
      "waitNo": 3678352631175170,
      "on": {
        "file": "d",
        "kind": "truncate"
      }
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
      "id": "730c45f9-f3a4-84b3-a79e-d26600000000",
      "no": 3678352629872641,
      "kind": "lease",
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 714,
      "type": "read",
      "state": "breaking",
      "token": 3678352629925888,
      "backed": false,
      "break": {
        "breakId": "b3678352629995520",
        "target": "none",
        "deadlineAt": "2026-11-30T20:31:20.115Z",
        "remainingMs": 59346,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678352629925888
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "730c45f9-f3a4-84b3-a79e-d26600000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678352629925888,
      "for": "read"
    }
  },
  "delete /v1/locks/{id}": {},
  "delete /v1/opens/{id}": {},
  "delete /v1/leases/{id}": {},
  "post /v1/leases/{id}/free": {},
  "put /v1/stacks/{name}": {
    "200": {
      "kind": "stacks",
      "name": "kind",
      "version": 3678352632014848,
      "description": "e",
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 10
      },
      "adapters": [],
      "exports": 1,
      "removing": false
    },
    "201": {
      "kind": "stacks",
      "name": "kind",
      "version": 3678352631474178,
      "description": "d",
      "onDemand": {
        "prefix": "on-",
        "policy": "wait"
      },
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 10
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
    "200": {
      "kind": "regions",
      "name": "region",
      "version": 3678352632027136,
      "beatMs": 1000,
      "deadMs": 10000,
      "ackMs": 5000,
      "nodes": 1,
      "subscribers": 0,
      "removing": false
    },
    "201": {
      "kind": "regions",
      "name": "region",
      "version": 3678352631498753,
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
    "200": {
      "kind": "nodes",
      "name": "node",
      "version": 3678352632035328,
      "region": "region",
      "description": "d",
      "state": "down",
      "sessions": 0,
      "removing": false
    },
    "201": {
      "kind": "nodes",
      "name": "node",
      "version": 3678352631531521,
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
    "200": {
      "kind": "exports",
      "exportId": "3678352631556096",
      "name": "lazy",
      "version": 3678352632111104,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 2000,
      "lockDelayMs": 0,
      "ranges": "table",
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
    "201": {
      "kind": "exports",
      "exportId": "3678352631556096",
      "name": "lazy",
      "version": 3678352631556098,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 1000,
      "lockDelayMs": 0,
      "ranges": "table",
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
          "version": 3678352628789251,
          "builtIn": true,
          "protocol": {
            "major": 1,
            "minorMax": 10
          },
          "adapters": [],
          "exports": 1,
          "removing": false
        },
        {
          "kind": "stacks",
          "name": "kind",
          "version": 3678352631474178,
          "description": "d",
          "onDemand": {
            "prefix": "on-",
            "policy": "wait"
          },
          "builtIn": false,
          "protocol": {
            "major": 1,
            "minorMax": 10
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
      "version": 3678352631474178,
      "description": "d",
      "onDemand": {
        "prefix": "on-",
        "policy": "wait"
      },
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 10
      },
      "adapters": [],
      "exports": 1,
      "removing": false
    }
  },
  "post /v1/stacks/{name}/pins": {
    "201": {
      "pinId": "9fea214b-520f-8844-b7eb-343800000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "9fea214b-520f-8844-b7eb-343800000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
          "name": "9fea214b-520f-8844-b7eb-343800000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "8d4bdeb8-c4bd-8e3c-9caa-509300000000"
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
          "exportId": "3678352628789248",
          "name": "local",
          "version": 3678352628789249,
          "stack": "local",
          "policy": "refuse",
          "onDemand": false,
          "state": "up",
          "breakMs": 60000,
          "lockDelayMs": 0,
          "ranges": "table",
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
          "exportId": "3678352631556096",
          "name": "lazy",
          "version": 3678352631556098,
          "stack": "kind",
          "policy": "local",
          "region": "region",
          "onDemand": false,
          "state": "none",
          "breakMs": 1000,
          "lockDelayMs": 0,
          "ranges": "table",
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
      "exportId": "3678352631556096",
      "name": "lazy",
      "version": 3678352631556098,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 1000,
      "lockDelayMs": 0,
      "ranges": "table",
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
      "pinId": "ee239c9e-06a6-814a-acb9-9b0000000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "ee239c9e-06a6-814a-acb9-9b0000000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "8d4bdeb8-c4bd-8e3c-9caa-509300000000"
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
          "version": 3678352631531521,
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
      "version": 3678352631531521,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "89a210be-97d4-8078-b238-250b00000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "89a210be-97d4-8078-b238-250b00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "8d4bdeb8-c4bd-8e3c-9caa-509300000000"
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
          "version": 3678352631498753,
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
      "version": 3678352631498753,
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
      "pinId": "c6b97928-02e9-884f-ab89-d74200000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
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
          "name": "c6b97928-02e9-884f-ab89-d74200000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "8d4bdeb8-c4bd-8e3c-9caa-509300000000"
          }
        }
      ]
    }
  },
  "delete /v1/nodes/{name}": {
    "202": {
      "operationId": "13163d87-063e-83d5-a2a2-936b00000000",
      "kind": "remove",
      "of": {
        "kind": "nodes",
        "name": "gone"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T20:30:21.175Z",
      "deadlineAt": "2026-11-30T20:30:22.175Z",
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
  "delete /v1/exports/{name}": {
    "202": {
      "operationId": "eb5c0686-220a-83ed-94be-134100000000",
      "kind": "remove",
      "of": {
        "kind": "exports",
        "name": "gone"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T20:30:21.204Z",
      "deadlineAt": "2026-11-30T20:30:22.204Z",
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
  "delete /v1/stacks/{name}": {
    "202": {
      "operationId": "2d5729a8-64c7-85d4-b5d5-afe800000000",
      "kind": "remove",
      "of": {
        "kind": "stacks",
        "name": "gone"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T20:30:21.209Z",
      "deadlineAt": "2026-11-30T20:30:22.209Z",
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
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000"
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
      "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "30c60516-61b6-894d-a7e8-b2de00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T20:30:21.242Z",
      "deadlineAt": "2026-11-30T20:30:22.242Z",
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
      "operationId": "30c60516-61b6-894d-a7e8-b2de00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T20:30:21.242Z",
      "deadlineAt": "2026-11-30T20:30:22.241Z",
      "endedAt": "2026-11-30T20:30:21.283Z",
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
          "operationId": "13163d87-063e-83d5-a2a2-936b00000000",
          "kind": "remove",
          "of": {
            "kind": "nodes",
            "name": "gone"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T20:30:21.175Z",
          "deadlineAt": "2026-11-30T20:30:22.175Z",
          "endedAt": "2026-11-30T20:30:21.183Z",
          "did": {
            "requestsCancelled": 0,
            "leasesBroken": 0,
            "leasesRevoked": 0,
            "opensClosed": 0,
            "rangesReleased": 0,
            "sessionsEnded": 0,
            "pinsDropped": 0,
            "removed": [
              "nodes/gone"
            ]
          },
          "filesLeft": 0
        },
        {
          "operationId": "eb5c0686-220a-83ed-94be-134100000000",
          "kind": "remove",
          "of": {
            "kind": "exports",
            "name": "gone"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T20:30:21.204Z",
          "deadlineAt": "2026-11-30T20:30:22.203Z",
          "endedAt": "2026-11-30T20:30:21.209Z",
          "did": {
            "requestsCancelled": 0,
            "leasesBroken": 0,
            "leasesRevoked": 0,
            "opensClosed": 0,
            "rangesReleased": 0,
            "sessionsEnded": 0,
            "pinsDropped": 0,
            "removed": [
              "exports/gone"
            ]
          },
          "filesLeft": 0
        },
        {
          "operationId": "2d5729a8-64c7-85d4-b5d5-afe800000000",
          "kind": "remove",
          "of": {
            "kind": "stacks",
            "name": "gone"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T20:30:21.209Z",
          "deadlineAt": "2026-11-30T20:30:22.209Z",
          "endedAt": "2026-11-30T20:30:21.215Z",
          "did": {
            "requestsCancelled": 0,
            "leasesBroken": 0,
            "leasesRevoked": 0,
            "opensClosed": 0,
            "rangesReleased": 0,
            "sessionsEnded": 0,
            "pinsDropped": 0,
            "removed": [
              "stacks/gone"
            ]
          },
          "filesLeft": 0
        },
        {
          "operationId": "30c60516-61b6-894d-a7e8-b2de00000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T20:30:21.242Z",
          "deadlineAt": "2026-11-30T20:30:22.241Z",
          "endedAt": "2026-11-30T20:30:21.283Z",
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
      "exportId": "3678352631556096",
      "name": "lazy",
      "version": 3678352632111104,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 2000,
      "lockDelayMs": 0,
      "ranges": "table",
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
  "post /v1/exports/{name}/grace": {
    "200": {
      "graceMs": 0,
      "sessions": 0
    },
    "request": {
      "graceMs": 60000
    }
  },
  "delete /v1/regions/{name}": {
    "202": {
      "operationId": "c09bd0e2-510f-8bdd-b575-398900000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T20:30:21.328Z",
      "deadlineAt": "2026-11-30T20:30:22.328Z",
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
  "get /v1/subjects": {
    "200": {
      "subjects": []
    }
  },
  "get /v1/sessions/{id}/events": {
    "200 text/event-stream": {
      "id": "3678353801941255-77",
      "event": "resync",
      "data": {
        "cause": "connected"
      }
    }
  },
  "get /v1/dlm/connections/{id}/events": {
    "200 text/event-stream": {
      "id": "3678353801941255-77",
      "event": "resync",
      "data": {
        "cause": "connected"
      }
    }
  },
  "get /v1/events": {
    "200 text/event-stream": {
      "at": "2026-11-30T20:30:21.666Z",
      "export": "local",
      "file": "less",
      "id": "47e0489f-b2aa-84a8-922b-3d7b00000000",
      "what": "opened",
      "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
      "owner": "988ac88a-1c43-8a14-9887-6de500000000",
      "type": "read"
    }
  },
  "get /v1/watch": {
    "200 text/event-stream": {
      "at": "2026-11-30T20:30:21.772Z",
      "what": "granted",
      "export": "local",
      "file": "watched/0",
      "type": "read"
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
      "format": 5,
      "unnamed": 0,
      "servers": [
        {
          "version": "0.1.0",
          "format": 5
        }
      ]
    }
  },
  "get /livez": {
    "200": {
      "alive": true
    }
  },
  "get /metrics": {
    "200 text/plain": "# HELP process_cpu_user_seconds_total Total user CPU time spent in seconds.\n# TYPE process_cpu_user_seconds_total counter\nprocess_cpu_user_seconds_total 0.603321\n\n# HELP process_cpu_system_seconds_total Total system CPU time spent in seconds.\n# TYPE process_cpu_system_seconds_total counter\nprocess_cpu_system_seconds_total 0.073766\n\n# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.\n# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 0.677087\n\n"
  },
  "delete /v1/sessions/{id}": {
    "200": {
      "session": {
        "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T20:31:20.019Z",
        "lastSeenAt": "2026-11-30T20:30:20.019Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 19,
        "streams": 0,
        "tableLife": "0"
      },
      "locks": [
        {
          "id": "c94d67ed-13e3-8ddc-8675-c60f00000000",
          "no": 3678352629823488,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1806,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "3410945e-d805-8efa-a17e-3f7f00000000",
          "no": 3678352629843968,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1796,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "206f0fb3-0896-8ca9-b8e9-4e4a00000000",
          "no": 3678352629843969,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1796,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "f5c0a101-6488-832e-9c2e-2a1400000000",
          "no": 3678352630069249,
          "kind": "open",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1686,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "1ca93073-510c-8d4c-bd33-28eb00000000",
          "no": 3678352630069250,
          "kind": "delegation",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1686,
          "type": "read",
          "state": "breaking",
          "token": 3678352630069248,
          "backed": false,
          "break": {
            "breakId": "b3678352631175168",
            "target": "none",
            "deadlineAt": "2026-11-30T20:31:20.692Z",
            "remainingMs": 58855,
            "cause": "change"
          }
        },
        {
          "id": "0ba41eb2-375e-89b3-8272-004400000000",
          "no": 3678352630368257,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "batch/a",
          "fileId": "batch/a",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1540,
          "type": "write",
          "state": "active",
          "token": 3678352630368256,
          "backed": false
        },
        {
          "id": "f1f94528-0662-8efe-aa25-ad2900000000",
          "no": 3678352630368259,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "batch/b",
          "fileId": "batch/b",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1540,
          "type": "write",
          "state": "active",
          "token": 3678352630368257,
          "backed": false
        },
        {
          "id": "8baceb72-33be-8026-9468-4a1300000000",
          "no": 3678352630413313,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1518,
          "type": "write",
          "state": "active",
          "token": 3678352630413312,
          "backed": false
        },
        {
          "id": "e7bd659e-49f2-8c6f-b3d1-9c4a00000000",
          "no": 3678352630419457,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1515,
          "type": "write",
          "state": "active",
          "token": 3678352630419456,
          "backed": false
        },
        {
          "id": "8f7251b8-16b2-874a-bb2b-27bb00000000",
          "no": 3678352630421505,
          "kind": "posix",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "set/index",
          "fileId": "set/index",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1514,
          "type": "write",
          "start": "0",
          "end": "99",
          "state": "held",
          "backed": false
        },
        {
          "id": "05666cca-e78d-8e89-81c7-4d8900000000",
          "no": 3678352630427649,
          "kind": "permit",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "moves",
          "fileId": "moves",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1511,
          "type": "permit",
          "state": "held",
          "token": 3678352630427648,
          "backed": false
        },
        {
          "id": "12370bce-0178-823b-8f55-8d7800000000",
          "no": 3678352630540288,
          "kind": "permit",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1430,
          "type": "permit",
          "state": "held",
          "token": 3678352630593536,
          "backed": false
        },
        {
          "id": "cd7a9d5d-4179-8eef-b211-caaa00000000",
          "no": 3678352632991745,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "held",
          "fileId": "held",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 259,
          "type": "write",
          "state": "active",
          "token": 3678352632991744,
          "backed": false,
          "waiters": [
            {
              "id": "94d37809-45a7-8fc7-bd58-7bfe00000000",
              "no": 3678352633075712,
              "kind": "lease",
              "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
              "owner": "988ac88a-1c43-8a14-9887-6de500000000",
              "export": "local",
              "file": "held",
              "fileId": "held",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 218,
              "type": "none",
              "waits": "write",
              "state": "allocated",
              "backed": false,
              "blockedBy": "cd7a9d5d-4179-8eef-b211-caaa00000000"
            }
          ]
        },
        {
          "id": "c5f01466-8c06-80f8-83af-995e00000000",
          "no": 3678352633020417,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "kept",
          "fileId": "kept",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 245,
          "type": "write",
          "state": "active",
          "token": 3678352633020416,
          "backed": false,
          "waiters": [
            {
              "id": "c16e043d-f72b-88c2-b36f-f8d900000000",
              "no": 3678352633092096,
              "kind": "lease",
              "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
              "owner": "988ac88a-1c43-8a14-9887-6de500000000",
              "export": "local",
              "file": "kept",
              "fileId": "kept",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 204,
              "type": "none",
              "waits": "write",
              "state": "allocated",
              "backed": false,
              "blockedBy": "c5f01466-8c06-80f8-83af-995e00000000"
            }
          ]
        },
        {
          "id": "574b27e5-f376-8bd8-8575-b0a300000000",
          "no": 3678352633036801,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "set",
          "fileId": "set",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 237,
          "type": "write",
          "state": "active",
          "token": 3678352633036800,
          "backed": false,
          "waiters": [
            {
              "id": "0cf6043e-b325-8572-af55-e96900000000",
              "no": 3678352633202688,
              "kind": "lease",
              "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
              "owner": "988ac88a-1c43-8a14-9887-6de500000000",
              "export": "local",
              "file": "set",
              "fileId": "set",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 156,
              "type": "none",
              "waits": "write",
              "state": "allocated",
              "backed": false,
              "blockedBy": "574b27e5-f376-8bd8-8575-b0a300000000"
            }
          ]
        },
        {
          "id": "ba6eb15f-ec4d-8d50-abad-39db00000000",
          "no": 3678352633116673,
          "kind": "open",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "denied",
          "fileId": "denied",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 198,
          "type": "both",
          "deny": "write",
          "state": "open",
          "backed": false,
          "waiters": [
            {
              "id": "0ce10bab-713e-879c-befd-947700000000",
              "no": 3678352633143297,
              "kind": "open",
              "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
              "owner": "988ac88a-1c43-8a14-9887-6de500000000",
              "export": "local",
              "file": "denied",
              "fileId": "denied",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 185,
              "type": "write",
              "deny": "none",
              "waits": "write",
              "state": "waiting",
              "backed": false,
              "blockedBy": "ba6eb15f-ec4d-8d50-abad-39db00000000"
            }
          ]
        },
        {
          "id": "902b115f-5e19-86e9-8bfa-b3b300000000",
          "no": 3678352633155585,
          "kind": "open",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "less",
          "fileId": "less",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 179,
          "type": "read",
          "deny": "write",
          "state": "open",
          "backed": false,
          "waiters": [
            {
              "id": "47e0489f-b2aa-84a8-922b-3d7b00000000",
              "no": 3678352633171968,
              "kind": "open",
              "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
              "owner": "988ac88a-1c43-8a14-9887-6de500000000",
              "export": "local",
              "file": "less",
              "fileId": "less",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 171,
              "type": "read",
              "deny": "none",
              "waits": "both",
              "state": "open",
              "backed": false,
              "blockedBy": "902b115f-5e19-86e9-8bfa-b3b300000000"
            }
          ]
        },
        {
          "id": "c1b9f84c-1f0e-81b4-9eaa-4cd100000000",
          "no": 3678352633214977,
          "kind": "dlm",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "shared",
          "fileId": "shared",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 150,
          "type": "PR",
          "state": "granted",
          "backed": false,
          "waiters": [
            {
              "id": "59859052-f791-8ba5-9157-f68a00000000",
              "no": 3678352633229312,
              "kind": "dlm",
              "sessionId": "988ac88a-1c43-8a14-9887-6de500000000",
              "owner": "988ac88a-1c43-8a14-9887-6de500000000",
              "export": "local",
              "file": "shared",
              "fileId": "shared",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 143,
              "type": "PR",
              "waits": "EX",
              "state": "converting",
              "backed": false,
              "blockedBy": "c1b9f84c-1f0e-81b4-9eaa-4cd100000000"
            }
          ]
        },
        {
          "id": "0d0740c4-ff41-8da3-a993-ee5900000000",
          "no": 3678352633389057,
          "kind": "lease",
          "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
          "export": "local",
          "file": "watched/0",
          "fileId": "watched/0",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 65,
          "type": "read",
          "state": "active",
          "token": 3678352633389056,
          "backed": false
        }
      ],
      "waiting": 6,
      "truncated": false
    }
  }
};
export const refusalExamples: Record<string, unknown> = {
  "break_started": {
    "type": "urn:leasehold:break_started",
    "title": "A conflicting lease is being broken.",
    "status": 409,
    "instance": "urn:leasehold:request:91878c82b3dc-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59987,
    "blockers": [
      {
        "id": "730c45f9-f3a4-84b3-a79e-d26600000000",
        "kind": "lease",
        "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 73,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678352629995520",
      "target": "none",
      "deadlineAt": "2026-11-30T20:31:20.115Z",
      "remainingMs": 59987
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:91878c82b3dc-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:91878c82b3dc-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "04b11b64-275e-89e6-8d96-9bec00000000",
        "kind": "posix",
        "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 24,
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
    "instance": "urn:leasehold:request:91878c82b3dc-y",
    "code": "EEXIST",
    "reason": "owner_has_lease",
    "next": "Use the lease in `leaseId`.",
    "leaseId": "8baceb72-33be-8026-9468-4a1300000000",
    "detail": "Nothing of the set is held. It was refused the lease of local:set/from."
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:91878c82b3dc-12",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "02ba7d8d-81a3-88f9-b25d-71ae00000000",
        "kind": "permit",
        "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 17,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:91878c82b3dc-13",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:91878c82b3dc-19",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "444408da-d7f6-819c-912d-81de00000000",
        "kind": "dlm",
        "sessionId": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "owner": "8d4bdeb8-c4bd-8e3c-9caa-509300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 8,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:91878c82b3dc-1l",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:91878c82b3dc-1o",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:91878c82b3dc-1r",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as 82bc4c5b-6405-8cf5-a8f4-5e9700000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:91878c82b3dc-24",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:91878c82b3dc-2e",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678352631556098
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:91878c82b3dc-2k",
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
        "name": "9fea214b-520f-8844-b7eb-343800000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "8d4bdeb8-c4bd-8e3c-9caa-509300000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:91878c82b3dc-3s",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:91878c82b3dc-4k",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:91878c82b3dc-4q",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:91878c82b3dc-4s",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};

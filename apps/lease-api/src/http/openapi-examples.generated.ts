/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T16:19:21.767Z",
      "lastSeenAt": "2026-11-30T16:18:21.767Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "secret": "DEja1BJU9pnMoCQ8A_gA_wj2JyrdLZe11bqYy48AHiS"
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
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T16:19:21.767Z",
          "lastSeenAt": "2026-11-30T16:18:21.767Z",
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T16:19:21.767Z",
      "lastSeenAt": "2026-11-30T16:18:21.767Z",
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T16:19:21.793Z",
      "lastSeenAt": "2026-11-30T16:18:21.793Z",
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
      "leaseId": "848af91d-14aa-80c1-a294-b60d00000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "848af91d14aa80c1a294b60d"
      },
      "backed": false
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "e71be264-b176-8ad4-ae1d-f19300000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678321667751936,
      "stateid": {
        "seqid": 1,
        "other": "e71be264b1768ad4ae1df193"
      },
      "backed": false
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "848af91d-14aa-80c1-a294-b60d00000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "848af91d14aa80c1a294b60d"
          },
          "backed": false
        },
        {
          "leaseId": "2978fe87-ffae-84b9-bfb8-784900000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "2978fe87ffae84b9bfb87849"
          },
          "backed": false
        }
      ],
      "cursor": "3678321667727360"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "e71be264-b176-8ad4-ae1d-f19300000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678321667809280,
      "stateid": {
        "seqid": 2,
        "other": "e71be264b1768ad4ae1df193"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678321667751936
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "b4b29583-babd-87b4-a1b7-781a00000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "b4b29583babd87b4a1b7781a"
      },
      "backed": false
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "b4b29583-babd-87b4-a1b7-781a00000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "b4b29583babd87b4a1b7781a"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678321667891200",
        "target": "none",
        "deadlineAt": "2026-11-30T16:19:21.900Z",
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
      "leaseId": "e71be264-b176-8ad4-ae1d-f19300000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678321667809280,
      "stateid": {
        "seqid": 2,
        "other": "e71be264b1768ad4ae1df193"
      },
      "backed": false,
      "break": {
        "breakId": "b3678321667891200",
        "target": "none",
        "deadlineAt": "2026-11-30T16:19:21.900Z",
        "remainingMs": 59991,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "b4b29583-babd-87b4-a1b7-781a00000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "b4b29583babd87b4a1b7781a"
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
      "id": "3f2f08b5-e0c3-814b-9713-5c1200000000",
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "572a40d6-3e24-8778-a6e2-b8b000000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "rangeId": "9a6e06c1-5c70-8ee7-b3bf-a0fa00000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "other",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "read",
      "start": "0",
      "end": "9007199254740993",
      "state": "waiting",
      "waitNo": 3678321668253697,
      "backed": false
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "rangeId": "572a40d6-3e24-8778-a6e2-b8b000000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
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
        "id": "572a40d6-3e24-8778-a6e2-b8b000000000",
        "kind": "posix",
        "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
        "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "id": "9a6e06c1-5c70-8ee7-b3bf-a0fa00000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59988,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "572a40d6-3e24-8778-a6e2-b8b000000000",
            "kind": "posix",
            "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
            "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 61,
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
          "id": "572a40d6-3e24-8778-a6e2-b8b000000000",
          "no": 3678321668153345,
          "kind": "posix",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 77,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "9a6e06c1-5c70-8ee7-b3bf-a0fa00000000",
              "no": 3678321668253696,
              "kind": "posix",
              "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 28,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "572a40d6-3e24-8778-a6e2-b8b000000000"
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
            "leaseId": "e4b737a0-a665-8815-b9e6-5d3300000000",
            "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
            "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
            "export": "local",
            "file": "batch/a",
            "fileId": "batch/a",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678321668427776,
            "stateid": {
              "seqid": 1,
              "other": "e4b737a0a6658815b9e65d33"
            },
            "backed": false
          }
        },
        {
          "index": 1,
          "status": 201,
          "body": {
            "leaseId": "e1284271-85c7-83d8-b1bb-7d1000000000",
            "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
            "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
            "export": "local",
            "file": "batch/b",
            "fileId": "batch/b",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678321668427777,
            "stateid": {
              "seqid": 1,
              "other": "e128427185c783d8b1bb7d10"
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
            "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
            "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
          "leaseId": "4b787fd6-a015-83de-87de-747b00000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678321668521984,
          "stateid": {
            "seqid": 1,
            "other": "4b787fd6a01583de87de747b"
          },
          "backed": false
        },
        {
          "leaseId": "ba85c792-9bfe-89a6-a1b4-58fa00000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678321668538368,
          "stateid": {
            "seqid": 1,
            "other": "ba85c7929bfe89a6a1b458fa"
          },
          "backed": false
        }
      ],
      "ranges": [
        {
          "rangeId": "0362d7cb-a404-83b2-8992-bdff00000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
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
          "permitId": "ff1dacb6-63bb-86d7-bfc7-c23800000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "semaphore": "moves",
          "state": "held",
          "token": 3678321668548608
        }
      ]
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "permitId": "069eecdc-6e40-81a6-8006-9e6600000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678321668608000
    },
    "202": {
      "permitId": "f34d04a9-d343-864e-aa5e-173900000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting",
      "waitNo": 3678321668751361
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "069eecdc-6e40-81a6-8006-9e6600000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678321668608000
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "069eecdc-6e40-81a6-8006-9e6600000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678321668608000
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "d440a7e9-6187-8e3c-8861-c8e200000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678321668868096
    },
    "202": {
      "lockId": "15e2624c-3407-89f5-81e6-0fc500000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "waitNo": 3678321668935681,
      "seqid": 0
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
          "lockId": "d440a7e9-6187-8e3c-8861-c8e200000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678321668868096,
          "blocking": "PR"
        },
        {
          "lockId": "15e2624c-3407-89f5-81e6-0fc500000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "waitNo": 3678321668935681,
          "seqid": 0
        }
      ]
    }
  },
  "get /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "d440a7e9-6187-8e3c-8861-c8e200000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678321668868096,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "d440a7e9-6187-8e3c-8861-c8e200000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678321668868096,
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
          "lockId": "d440a7e9-6187-8e3c-8861-c8e200000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678321668868096,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "15e2624c-3407-89f5-81e6-0fc500000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "waitNo": 3678321668935681,
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59970
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "lockId": "15e2624c-3407-89f5-81e6-0fc500000000"
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
      "connectionId": "2cbdbc79-b6fe-89e3-a096-9f6500000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
          "connectionId": "2cbdbc79-b6fe-89e3-a096-9f6500000000",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "connectionId": "2cbdbc79-b6fe-89e3-a096-9f6500000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "connectionId": "2cbdbc79-b6fe-89e3-a096-9f6500000000",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "changeId": "242e3aa8-0268-8362-b89e-58a400000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "1bfa76d0-62ee-8405-89cb-1ff000000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "waiting",
      "waitNo": 3678321669380098,
      "on": {
        "file": "d",
        "kind": "truncate"
      }
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
      "id": "e71be264-b176-8ad4-ae1d-f19300000000",
      "no": 3678321667751937,
      "kind": "lease",
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 852,
      "type": "read",
      "state": "breaking",
      "token": 3678321667809280,
      "backed": false,
      "break": {
        "breakId": "b3678321667891200",
        "target": "none",
        "deadlineAt": "2026-11-30T16:19:21.900Z",
        "remainingMs": 59216,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678321667809280
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "e71be264-b176-8ad4-ae1d-f19300000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678321667809280,
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
      "version": 3678321669734402,
      "description": "d",
      "onDemand": {
        "prefix": "on-",
        "policy": "wait"
      },
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 9
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
      "version": 3678321669756929,
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
      "version": 3678321669789697,
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
      "exportId": "3678321669812224",
      "name": "lazy",
      "version": 3678321669812226,
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
          "version": 3678321666543619,
          "builtIn": true,
          "protocol": {
            "major": 1,
            "minorMax": 9
          },
          "adapters": [],
          "exports": 1,
          "removing": false
        },
        {
          "kind": "stacks",
          "name": "kind",
          "version": 3678321669734402,
          "description": "d",
          "onDemand": {
            "prefix": "on-",
            "policy": "wait"
          },
          "builtIn": false,
          "protocol": {
            "major": 1,
            "minorMax": 9
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
      "version": 3678321669734402,
      "description": "d",
      "onDemand": {
        "prefix": "on-",
        "policy": "wait"
      },
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 9
      },
      "adapters": [],
      "exports": 1,
      "removing": false
    }
  },
  "post /v1/stacks/{name}/pins": {
    "201": {
      "pinId": "4c4ba01b-695f-8b18-8cc3-921f00000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "4c4ba01b-695f-8b18-8cc3-921f00000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
          "name": "4c4ba01b-695f-8b18-8cc3-921f00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "3f550649-e4c3-86f2-954e-7ff700000000"
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
          "exportId": "3678321666543616",
          "name": "local",
          "version": 3678321666543617,
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
          "exportId": "3678321669812224",
          "name": "lazy",
          "version": 3678321669812226,
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
      "exportId": "3678321669812224",
      "name": "lazy",
      "version": 3678321669812226,
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
      "pinId": "3543ac08-29ef-8dd1-8a77-98af00000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "3543ac08-29ef-8dd1-8a77-98af00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "3f550649-e4c3-86f2-954e-7ff700000000"
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
          "version": 3678321669789697,
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
      "version": 3678321669789697,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "c277d4be-29c4-839e-98f0-96fb00000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "c277d4be-29c4-839e-98f0-96fb00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "3f550649-e4c3-86f2-954e-7ff700000000"
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
          "version": 3678321669756929,
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
      "version": 3678321669756929,
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
      "pinId": "cf4132cc-d064-81c1-955c-c7d300000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
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
          "name": "cf4132cc-d064-81c1-955c-c7d300000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "3f550649-e4c3-86f2-954e-7ff700000000"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000"
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
      "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "1307dad7-e17e-835a-ab28-e6e000000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T16:18:23.165Z",
      "deadlineAt": "2026-11-30T16:18:24.165Z",
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
      "operationId": "1307dad7-e17e-835a-ab28-e6e000000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T16:18:23.165Z",
      "deadlineAt": "2026-11-30T16:18:24.165Z",
      "endedAt": "2026-11-30T16:18:23.285Z",
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
          "operationId": "1307dad7-e17e-835a-ab28-e6e000000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T16:18:23.165Z",
          "deadlineAt": "2026-11-30T16:18:24.165Z",
          "endedAt": "2026-11-30T16:18:23.285Z",
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
      "exportId": "3678321669812224",
      "name": "lazy",
      "version": 3678321669812226,
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
      "operationId": "ec1c19c5-5fa6-86c2-a185-e88800000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T16:18:23.347Z",
      "deadlineAt": "2026-11-30T16:18:24.347Z",
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
      "format": 4,
      "unnamed": 0,
      "servers": [
        {
          "version": "0.1.0",
          "format": 4
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
        "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T16:19:21.794Z",
        "lastSeenAt": "2026-11-30T16:18:21.794Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 12,
        "streams": 0
      },
      "locks": [
        {
          "id": "848af91d-14aa-80c1-a294-b60d00000000",
          "no": 3678321667702784,
          "kind": "lease",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1800,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "2978fe87-ffae-84b9-bfb8-784900000000",
          "no": 3678321667727360,
          "kind": "lease",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1788,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "17b60d70-b49f-8ec3-8c9d-104800000000",
          "no": 3678321667727361,
          "kind": "lease",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1788,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "529f5978-99e6-8dcd-ba3d-e97400000000",
          "no": 3678321668005889,
          "kind": "open",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1652,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "3f2f08b5-e0c3-814b-9713-5c1200000000",
          "no": 3678321668005890,
          "kind": "delegation",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1652,
          "type": "read",
          "state": "breaking",
          "token": 3678321668005888,
          "backed": false,
          "break": {
            "breakId": "b3678321669380096",
            "target": "none",
            "deadlineAt": "2026-11-30T16:19:22.628Z",
            "remainingMs": 59020,
            "cause": "change"
          }
        },
        {
          "id": "e4b737a0-a665-8815-b9e6-5d3300000000",
          "no": 3678321668427777,
          "kind": "lease",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "batch/a",
          "fileId": "batch/a",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1446,
          "type": "write",
          "state": "active",
          "token": 3678321668427776,
          "backed": false
        },
        {
          "id": "e1284271-85c7-83d8-b1bb-7d1000000000",
          "no": 3678321668427779,
          "kind": "lease",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "batch/b",
          "fileId": "batch/b",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1446,
          "type": "write",
          "state": "active",
          "token": 3678321668427777,
          "backed": false
        },
        {
          "id": "4b787fd6-a015-83de-87de-747b00000000",
          "no": 3678321668521985,
          "kind": "lease",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1400,
          "type": "write",
          "state": "active",
          "token": 3678321668521984,
          "backed": false
        },
        {
          "id": "ba85c792-9bfe-89a6-a1b4-58fa00000000",
          "no": 3678321668538369,
          "kind": "lease",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1392,
          "type": "write",
          "state": "active",
          "token": 3678321668538368,
          "backed": false
        },
        {
          "id": "0362d7cb-a404-83b2-8992-bdff00000000",
          "no": 3678321668542465,
          "kind": "posix",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "set/index",
          "fileId": "set/index",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1390,
          "type": "write",
          "start": "0",
          "end": "99",
          "state": "held",
          "backed": false
        },
        {
          "id": "ff1dacb6-63bb-86d7-bfc7-c23800000000",
          "no": 3678321668548609,
          "kind": "permit",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "moves",
          "fileId": "moves",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1387,
          "type": "permit",
          "state": "held",
          "token": 3678321668548608,
          "backed": false
        },
        {
          "id": "f34d04a9-d343-864e-aa5e-173900000000",
          "no": 3678321668751360,
          "kind": "permit",
          "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
          "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1244,
          "type": "permit",
          "state": "held",
          "token": 3678321668841472,
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
    "instance": "urn:leasehold:request:7fda2338b259-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59981,
    "blockers": [
      {
        "id": "e71be264-b176-8ad4-ae1d-f19300000000",
        "kind": "lease",
        "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
        "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 87,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678321667891200",
      "target": "none",
      "deadlineAt": "2026-11-30T16:19:21.900Z",
      "remainingMs": 59981
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:7fda2338b259-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:7fda2338b259-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "572a40d6-3e24-8778-a6e2-b8b000000000",
        "kind": "posix",
        "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
        "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 33,
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
    "instance": "urn:leasehold:request:7fda2338b259-y",
    "code": "EEXIST",
    "reason": "owner_has_lease",
    "next": "Use the lease in `leaseId`.",
    "leaseId": "4b787fd6-a015-83de-87de-747b00000000",
    "detail": "Nothing of the set is held. It was refused the lease of local:set/from."
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:7fda2338b259-12",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "069eecdc-6e40-81a6-8006-9e6600000000",
        "kind": "permit",
        "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
        "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 38,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:7fda2338b259-13",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:7fda2338b259-19",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "d440a7e9-6187-8e3c-8861-c8e200000000",
        "kind": "dlm",
        "sessionId": "3f550649-e4c3-86f2-954e-7ff700000000",
        "owner": "3f550649-e4c3-86f2-954e-7ff700000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 21,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:7fda2338b259-1l",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:7fda2338b259-1o",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:7fda2338b259-1r",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as 2cbdbc79-b6fe-89e3-a096-9f6500000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:7fda2338b259-24",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:7fda2338b259-2e",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678321669812226
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:7fda2338b259-2k",
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
        "name": "4c4ba01b-695f-8b18-8cc3-921f00000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "3f550649-e4c3-86f2-954e-7ff700000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:7fda2338b259-3i",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:7fda2338b259-3n",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:7fda2338b259-3t",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:7fda2338b259-3v",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};

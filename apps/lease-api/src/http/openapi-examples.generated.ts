/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T15:47:21.750Z",
      "lastSeenAt": "2026-11-30T15:46:21.750Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "secret": "wx3SuPIGxmqiKi7_Ej5DRAc579rMWzJmgUY12ApvRyQ"
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
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T15:47:21.751Z",
          "lastSeenAt": "2026-11-30T15:46:21.751Z",
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T15:47:21.750Z",
      "lastSeenAt": "2026-11-30T15:46:21.750Z",
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T15:47:21.895Z",
      "lastSeenAt": "2026-11-30T15:46:21.895Z",
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
      "leaseId": "192eec55-d7cc-814b-81c4-1d2400000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "192eec55d7cc814b81c41d24"
      },
      "backed": false
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "17835e3c-6875-8a63-8963-8f4f00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678317735827456,
      "stateid": {
        "seqid": 1,
        "other": "17835e3c68758a6389638f4f"
      },
      "backed": false
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "192eec55-d7cc-814b-81c4-1d2400000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "192eec55d7cc814b81c41d24"
          },
          "backed": false
        },
        {
          "leaseId": "3dbaef80-3a93-8ce9-8000-c41500000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "3dbaef803a938ce98000c415"
          },
          "backed": false
        }
      ],
      "cursor": "3678317735778304"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "17835e3c-6875-8a63-8963-8f4f00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678317736001536,
      "stateid": {
        "seqid": 2,
        "other": "17835e3c68758a6389638f4f"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678317735827456
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "66c2c9a4-5edc-8b21-bfe4-8cc100000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "66c2c9a45edc8b21bfe48cc1"
      },
      "backed": false
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "66c2c9a4-5edc-8b21-bfe4-8cc100000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "66c2c9a45edc8b21bfe48cc1"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678317736298496",
        "target": "none",
        "deadlineAt": "2026-11-30T15:47:22.177Z",
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
      "leaseId": "17835e3c-6875-8a63-8963-8f4f00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678317736001536,
      "stateid": {
        "seqid": 2,
        "other": "17835e3c68758a6389638f4f"
      },
      "backed": false,
      "break": {
        "breakId": "b3678317736298496",
        "target": "none",
        "deadlineAt": "2026-11-30T15:47:22.177Z",
        "remainingMs": 59967,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "66c2c9a4-5edc-8b21-bfe4-8cc100000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "66c2c9a45edc8b21bfe48cc1"
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
      "id": "6bff04b3-4798-82c9-b117-041600000000",
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "3ae4c338-7130-8f40-a55c-17ab00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "rangeId": "ee896dba-3201-88e2-a0d6-f18e00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "rangeId": "3ae4c338-7130-8f40-a55c-17ab00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
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
        "id": "3ae4c338-7130-8f40-a55c-17ab00000000",
        "kind": "posix",
        "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
        "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 22,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "id": "ee896dba-3201-88e2-a0d6-f18e00000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59972,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "3ae4c338-7130-8f40-a55c-17ab00000000",
            "kind": "posix",
            "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
            "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 103,
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
          "id": "3ae4c338-7130-8f40-a55c-17ab00000000",
          "no": 3678317736994817,
          "kind": "posix",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 121,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "ee896dba-3201-88e2-a0d6-f18e00000000",
              "no": 3678317737148416,
              "kind": "posix",
              "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 46,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "3ae4c338-7130-8f40-a55c-17ab00000000"
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
            "leaseId": "c2d8de7e-26e1-8385-bdd5-d92900000000",
            "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
            "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
            "export": "local",
            "file": "batch/a",
            "fileId": "batch/a",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678317737437184,
            "stateid": {
              "seqid": 1,
              "other": "c2d8de7e26e18385bdd5d929"
            },
            "backed": false
          }
        },
        {
          "index": 1,
          "status": 201,
          "body": {
            "leaseId": "21514697-11bf-8774-9b84-2dff00000000",
            "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
            "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
            "export": "local",
            "file": "batch/b",
            "fileId": "batch/b",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678317737439232,
            "stateid": {
              "seqid": 1,
              "other": "2151469711bf87749b842dff"
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
            "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
            "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
          "leaseId": "501b5eb1-0c3b-8ed1-b5f9-778b00000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678317737619456,
          "stateid": {
            "seqid": 1,
            "other": "501b5eb10c3b8ed1b5f9778b"
          },
          "backed": false
        },
        {
          "leaseId": "539b6a02-ec6f-89e3-a61a-a4bf00000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678317737674752,
          "stateid": {
            "seqid": 1,
            "other": "539b6a02ec6f89e3a61aa4bf"
          },
          "backed": false
        }
      ],
      "ranges": [
        {
          "rangeId": "67ffb471-14dd-8f94-87d4-a50400000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
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
          "permitId": "30f6b8fe-2eba-8f9a-a510-d29b00000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "semaphore": "moves",
          "state": "held",
          "token": 3678317737728000
        }
      ]
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "permitId": "ffbf90eb-f77f-8c13-8faa-daf300000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678317737867264
    },
    "202": {
      "permitId": "9827ee34-2a34-805f-8d80-9a5a00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting"
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "ffbf90eb-f77f-8c13-8faa-daf300000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678317737867264
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "ffbf90eb-f77f-8c13-8faa-daf300000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678317737867264
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "5c634991-7edd-85df-be9d-2aab00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678317738303488
    },
    "202": {
      "lockId": "bd55287b-2b20-8c2d-ac23-791c00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "seqid": 0
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
          "lockId": "5c634991-7edd-85df-be9d-2aab00000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678317738303488,
          "blocking": "PR"
        },
        {
          "lockId": "bd55287b-2b20-8c2d-ac23-791c00000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "lockId": "5c634991-7edd-85df-be9d-2aab00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678317738303488,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "5c634991-7edd-85df-be9d-2aab00000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678317738303488,
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
          "lockId": "5c634991-7edd-85df-be9d-2aab00000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678317738303488,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "bd55287b-2b20-8c2d-ac23-791c00000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59971
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "lockId": "bd55287b-2b20-8c2d-ac23-791c00000000"
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
      "connectionId": "ac8972ff-e18c-875d-90f2-53c100000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
          "connectionId": "ac8972ff-e18c-875d-90f2-53c100000000",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "connectionId": "ac8972ff-e18c-875d-90f2-53c100000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "connectionId": "ac8972ff-e18c-875d-90f2-53c100000000",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "changeId": "25514dbb-7fcf-84a3-9610-13da00000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "cd44ac12-bb50-8d25-a3e0-a33900000000",
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
      "id": "17835e3c-6875-8a63-8963-8f4f00000000",
      "no": 3678317735827457,
      "kind": "lease",
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 1570,
      "type": "read",
      "state": "breaking",
      "token": 3678317736001536,
      "backed": false,
      "break": {
        "breakId": "b3678317736298496",
        "target": "none",
        "deadlineAt": "2026-11-30T15:47:22.177Z",
        "remainingMs": 58660,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678317736001536
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "17835e3c-6875-8a63-8963-8f4f00000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678317736001536,
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
      "version": 3678317739300866,
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
      "version": 3678317739415553,
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
      "version": 3678317739468801,
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
      "exportId": "3678317739489280",
      "name": "lazy",
      "version": 3678317739489282,
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
          "version": 3678317732364291,
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
          "version": 3678317739300866,
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
      "version": 3678317739300866,
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
      "pinId": "82833723-aaad-88e2-ad30-c2fa00000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "82833723-aaad-88e2-ad30-c2fa00000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
          "name": "82833723-aaad-88e2-ad30-c2fa00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "cc15e668-8232-8de0-ab39-a6e300000000"
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
          "exportId": "3678317732364288",
          "name": "local",
          "version": 3678317732364289,
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
          "exportId": "3678317739489280",
          "name": "lazy",
          "version": 3678317739489282,
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
      "exportId": "3678317739489280",
      "name": "lazy",
      "version": 3678317739489282,
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
      "pinId": "49e9faa1-acc0-82db-afbe-fefa00000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "49e9faa1-acc0-82db-afbe-fefa00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "cc15e668-8232-8de0-ab39-a6e300000000"
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
          "version": 3678317739468801,
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
      "version": 3678317739468801,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "6dcc5cc1-4520-896d-95f3-f4b700000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "6dcc5cc1-4520-896d-95f3-f4b700000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "cc15e668-8232-8de0-ab39-a6e300000000"
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
          "version": 3678317739415553,
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
      "version": 3678317739415553,
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
      "pinId": "30871e72-0b18-8978-a5f2-271600000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
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
          "name": "30871e72-0b18-8978-a5f2-271600000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "cc15e668-8232-8de0-ab39-a6e300000000"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000"
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
      "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "95506ca5-177b-8a65-8eab-1b3c00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T15:46:24.051Z",
      "deadlineAt": "2026-11-30T15:46:25.051Z",
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
      "operationId": "95506ca5-177b-8a65-8eab-1b3c00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T15:46:24.051Z",
      "deadlineAt": "2026-11-30T15:46:25.051Z",
      "endedAt": "2026-11-30T15:46:24.183Z",
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
          "operationId": "95506ca5-177b-8a65-8eab-1b3c00000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T15:46:24.051Z",
          "deadlineAt": "2026-11-30T15:46:25.051Z",
          "endedAt": "2026-11-30T15:46:24.183Z",
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
      "exportId": "3678317739489280",
      "name": "lazy",
      "version": 3678317739489282,
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
      "operationId": "f1cb4974-dd2d-8276-9a6c-089a00000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T15:46:24.225Z",
      "deadlineAt": "2026-11-30T15:46:25.225Z",
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
      "format": 3,
      "unnamed": 0,
      "servers": [
        {
          "version": "0.1.0",
          "format": 3
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
        "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T15:47:21.895Z",
        "lastSeenAt": "2026-11-30T15:46:21.895Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 12,
        "streams": 0
      },
      "locks": [
        {
          "id": "192eec55-d7cc-814b-81c4-1d2400000000",
          "no": 3678317735753728,
          "kind": "lease",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2641,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "3dbaef80-3a93-8ce9-8000-c41500000000",
          "no": 3678317735778304,
          "kind": "lease",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2629,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "dbe72f06-f7c6-8544-950a-ef3900000000",
          "no": 3678317735778305,
          "kind": "lease",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2629,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "26190b14-348d-80ef-8779-2a9900000000",
          "no": 3678317736751105,
          "kind": "open",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2154,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "6bff04b3-4798-82c9-b117-041600000000",
          "no": 3678317736751106,
          "kind": "delegation",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2154,
          "type": "read",
          "state": "breaking",
          "token": 3678317736751104,
          "backed": false,
          "break": {
            "breakId": "b3678317738924032",
            "target": "none",
            "deadlineAt": "2026-11-30T15:47:23.459Z",
            "remainingMs": 58907,
            "cause": "change"
          }
        },
        {
          "id": "c2d8de7e-26e1-8385-bdd5-d92900000000",
          "no": 3678317737437185,
          "kind": "lease",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "batch/a",
          "fileId": "batch/a",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1819,
          "type": "write",
          "state": "active",
          "token": 3678317737437184,
          "backed": false
        },
        {
          "id": "21514697-11bf-8774-9b84-2dff00000000",
          "no": 3678317737439233,
          "kind": "lease",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "batch/b",
          "fileId": "batch/b",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1818,
          "type": "write",
          "state": "active",
          "token": 3678317737439232,
          "backed": false
        },
        {
          "id": "501b5eb1-0c3b-8ed1-b5f9-778b00000000",
          "no": 3678317737619457,
          "kind": "lease",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1730,
          "type": "write",
          "state": "active",
          "token": 3678317737619456,
          "backed": false
        },
        {
          "id": "539b6a02-ec6f-89e3-a61a-a4bf00000000",
          "no": 3678317737674753,
          "kind": "lease",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1703,
          "type": "write",
          "state": "active",
          "token": 3678317737674752,
          "backed": false
        },
        {
          "id": "67ffb471-14dd-8f94-87d4-a50400000000",
          "no": 3678317737717761,
          "kind": "posix",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "set/index",
          "fileId": "set/index",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1682,
          "type": "write",
          "start": "0",
          "end": "99",
          "state": "held",
          "backed": false
        },
        {
          "id": "30f6b8fe-2eba-8f9a-a510-d29b00000000",
          "no": 3678317737728001,
          "kind": "permit",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "moves",
          "fileId": "moves",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1677,
          "type": "permit",
          "state": "held",
          "token": 3678317737728000,
          "backed": false
        },
        {
          "id": "9827ee34-2a34-805f-8d80-9a5a00000000",
          "no": 3678317738119168,
          "kind": "permit",
          "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
          "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1408,
          "type": "permit",
          "state": "held",
          "token": 3678317738278912,
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
    "instance": "urn:leasehold:request:94d3bddbd5fa-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59910,
    "blockers": [
      {
        "id": "17835e3c-6875-8a63-8963-8f4f00000000",
        "kind": "lease",
        "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
        "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 320,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678317736298496",
      "target": "none",
      "deadlineAt": "2026-11-30T15:47:22.177Z",
      "remainingMs": 59910
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:94d3bddbd5fa-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:94d3bddbd5fa-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "3ae4c338-7130-8f40-a55c-17ab00000000",
        "kind": "posix",
        "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
        "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
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
    "instance": "urn:leasehold:request:94d3bddbd5fa-y",
    "code": "EEXIST",
    "reason": "owner_has_lease",
    "next": "Use the lease in `leaseId`.",
    "leaseId": "501b5eb1-0c3b-8ed1-b5f9-778b00000000",
    "detail": "Nothing of the set is held. It was refused the lease of local:set/from."
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:94d3bddbd5fa-12",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "ffbf90eb-f77f-8c13-8faa-daf300000000",
        "kind": "permit",
        "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
        "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 40,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:94d3bddbd5fa-13",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:94d3bddbd5fa-19",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "5c634991-7edd-85df-be9d-2aab00000000",
        "kind": "dlm",
        "sessionId": "cc15e668-8232-8de0-ab39-a6e300000000",
        "owner": "cc15e668-8232-8de0-ab39-a6e300000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 31,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:94d3bddbd5fa-1l",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:94d3bddbd5fa-1o",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:94d3bddbd5fa-1r",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as ac8972ff-e18c-875d-90f2-53c100000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:94d3bddbd5fa-24",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:94d3bddbd5fa-2e",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678317739489282
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:94d3bddbd5fa-2k",
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
        "name": "82833723-aaad-88e2-ad30-c2fa00000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "cc15e668-8232-8de0-ab39-a6e300000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:94d3bddbd5fa-3i",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:94d3bddbd5fa-3n",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:94d3bddbd5fa-3t",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:94d3bddbd5fa-3v",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};

/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T09:21:36.627Z",
      "lastSeenAt": "2026-11-30T09:20:36.627Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "secret": "eKXtBi8OruTqB7HX1GX7OAe_KIpQHa6qlJXBhzkjG31"
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
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T09:21:36.626Z",
          "lastSeenAt": "2026-11-30T09:20:36.626Z",
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T09:21:36.626Z",
      "lastSeenAt": "2026-11-30T09:20:36.626Z",
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T09:21:36.772Z",
      "lastSeenAt": "2026-11-30T09:20:36.772Z",
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
      "leaseId": "abe77993-0ac7-8e4c-b3b4-461200000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "abe779930ac78e4cb3b44612"
      },
      "backed": false
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "181d5ac0-52bb-8ba7-9b15-8ee700000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678270334930944,
      "stateid": {
        "seqid": 1,
        "other": "181d5ac052bb8ba79b158ee7"
      },
      "backed": false
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "abe77993-0ac7-8e4c-b3b4-461200000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "abe779930ac78e4cb3b44612"
          },
          "backed": false
        },
        {
          "leaseId": "8923c169-9942-862b-a7e9-fa7800000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "8923c1699942862ba7e9fa78"
          },
          "backed": false
        }
      ],
      "cursor": "3678270334810112"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "181d5ac0-52bb-8ba7-9b15-8ee700000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678270335254528,
      "stateid": {
        "seqid": 2,
        "other": "181d5ac052bb8ba79b158ee7"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678270334930944
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "518765ce-2787-8f43-a384-c4f500000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "518765ce27878f43a384c4f5"
      },
      "backed": false
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "518765ce-2787-8f43-a384-c4f500000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "518765ce27878f43a384c4f5"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678270335623168",
        "target": "none",
        "deadlineAt": "2026-11-30T09:21:37.316Z",
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
      "leaseId": "181d5ac0-52bb-8ba7-9b15-8ee700000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678270335254528,
      "stateid": {
        "seqid": 2,
        "other": "181d5ac052bb8ba79b158ee7"
      },
      "backed": false,
      "break": {
        "breakId": "b3678270335623168",
        "target": "none",
        "deadlineAt": "2026-11-30T09:21:37.316Z",
        "remainingMs": 59988,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "518765ce-2787-8f43-a384-c4f500000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "518765ce27878f43a384c4f5"
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
      "id": "02192490-509a-8f5d-b058-197f00000000",
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "d7bfff45-374f-8a1c-a3aa-dd1f00000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
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
      "rangeId": "d76ed798-575a-8956-8779-3d5a00000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "rangeId": "d7bfff45-374f-8a1c-a3aa-dd1f00000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
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
        "id": "d7bfff45-374f-8a1c-a3aa-dd1f00000000",
        "kind": "posix",
        "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
        "owner": "720105f9-8121-884d-9b00-a8c000000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 88,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "id": "d76ed798-575a-8956-8779-3d5a00000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59944,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "d7bfff45-374f-8a1c-a3aa-dd1f00000000",
            "kind": "posix",
            "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
            "owner": "720105f9-8121-884d-9b00-a8c000000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 222,
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
          "id": "d7bfff45-374f-8a1c-a3aa-dd1f00000000",
          "no": 3678270336485377,
          "kind": "posix",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 276,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "d76ed798-575a-8956-8779-3d5a00000000",
              "no": 3678270336827392,
              "kind": "posix",
              "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 109,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "d7bfff45-374f-8a1c-a3aa-dd1f00000000"
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
            "leaseId": "509bbac8-3e80-8993-83c2-de2200000000",
            "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
            "owner": "720105f9-8121-884d-9b00-a8c000000000",
            "export": "local",
            "file": "batch/a",
            "fileId": "batch/a",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678270337406976,
            "stateid": {
              "seqid": 1,
              "other": "509bbac83e80899383c2de22"
            },
            "backed": false
          }
        },
        {
          "index": 1,
          "status": 201,
          "body": {
            "leaseId": "2de5bf88-0853-881a-86bc-3f2f00000000",
            "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
            "owner": "720105f9-8121-884d-9b00-a8c000000000",
            "export": "local",
            "file": "batch/b",
            "fileId": "batch/b",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678270337406977,
            "stateid": {
              "seqid": 1,
              "other": "2de5bf880853881a86bc3f2f"
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
            "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
            "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
          "leaseId": "86526d8b-2d7c-8e3c-8dcc-a5e300000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678270337599488,
          "stateid": {
            "seqid": 1,
            "other": "86526d8b2d7c8e3c8dcca5e3"
          },
          "backed": false
        },
        {
          "leaseId": "95bd4d8e-bba4-8ce2-a856-f54900000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678270337609728,
          "stateid": {
            "seqid": 1,
            "other": "95bd4d8ebba48ce2a856f549"
          },
          "backed": false
        }
      ],
      "permits": [
        {
          "permitId": "59765d8b-4411-886c-804e-964c00000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "semaphore": "moves",
          "state": "held",
          "token": 3678270337652736
        }
      ]
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "permitId": "223c7a40-6e90-8f77-9199-9bf600000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678270337935360
    },
    "202": {
      "permitId": "2d85cb7f-bf0c-880d-a781-a50f00000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting"
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "223c7a40-6e90-8f77-9199-9bf600000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678270337935360
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "223c7a40-6e90-8f77-9199-9bf600000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678270337935360
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "41d91f50-ba01-89f9-9751-eda800000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678270338738176
    },
    "202": {
      "lockId": "f7a1129f-d2b4-8fbd-99e4-7c9100000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "seqid": 0
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
          "lockId": "41d91f50-ba01-89f9-9751-eda800000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678270338738176,
          "blocking": "PR"
        },
        {
          "lockId": "f7a1129f-d2b4-8fbd-99e4-7c9100000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
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
      "lockId": "41d91f50-ba01-89f9-9751-eda800000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678270338738176,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "41d91f50-ba01-89f9-9751-eda800000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678270338738176,
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
          "lockId": "41d91f50-ba01-89f9-9751-eda800000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678270338738176,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "f7a1129f-d2b4-8fbd-99e4-7c9100000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59796
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "lockId": "f7a1129f-d2b4-8fbd-99e4-7c9100000000"
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
      "connectionId": "5ad4e6c3-e24a-8abc-a4e7-2d2700000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
          "connectionId": "5ad4e6c3-e24a-8abc-a4e7-2d2700000000",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "connectionId": "5ad4e6c3-e24a-8abc-a4e7-2d2700000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "connectionId": "5ad4e6c3-e24a-8abc-a4e7-2d2700000000",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "changeId": "644d0a41-71b7-8da5-9b2f-417d00000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "dcad3c3c-5d77-8c84-a65b-c76d00000000",
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
      "id": "181d5ac0-52bb-8ba7-9b15-8ee700000000",
      "no": 3678270334930945,
      "kind": "lease",
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "owner": "720105f9-8121-884d-9b00-a8c000000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 3048,
      "type": "read",
      "state": "breaking",
      "token": 3678270335254528,
      "backed": false,
      "break": {
        "breakId": "b3678270335623168",
        "target": "none",
        "deadlineAt": "2026-11-30T09:21:37.313Z",
        "remainingMs": 57287,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678270335254528
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "181d5ac0-52bb-8ba7-9b15-8ee700000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678270335254528,
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
      "version": 3678270341967874,
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
      "version": 3678270342117377,
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
      "version": 3678270342283265,
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
      "exportId": "3678270342445056",
      "name": "lazy",
      "version": 3678270342445058,
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
          "version": 3678270327996419,
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
          "version": 3678270341967874,
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
      "version": 3678270341967874,
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
      "pinId": "9e6af1fb-509c-8d6f-bca0-04f700000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "9e6af1fb-509c-8d6f-bca0-04f700000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
          "name": "9e6af1fb-509c-8d6f-bca0-04f700000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "720105f9-8121-884d-9b00-a8c000000000"
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
          "exportId": "3678270327996416",
          "name": "local",
          "version": 3678270327996417,
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
          "exportId": "3678270342445056",
          "name": "lazy",
          "version": 3678270342445058,
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
      "exportId": "3678270342445056",
      "name": "lazy",
      "version": 3678270342445058,
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
      "pinId": "ec4b4433-c4fc-863c-bb5b-184600000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "ec4b4433-c4fc-863c-bb5b-184600000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "720105f9-8121-884d-9b00-a8c000000000"
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
          "version": 3678270342283265,
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
      "version": 3678270342283265,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "2a444573-ebe6-889b-9c42-096500000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "2a444573-ebe6-889b-9c42-096500000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "720105f9-8121-884d-9b00-a8c000000000"
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
          "version": 3678270342117377,
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
      "version": 3678270342117377,
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
      "pinId": "beb0ff2c-1b05-8e98-a4b1-fcb400000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
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
          "name": "beb0ff2c-1b05-8e98-a4b1-fcb400000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "720105f9-8121-884d-9b00-a8c000000000"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000"
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
      "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "79ba9bb1-1a6c-889b-867f-3cfd00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T09:20:42.433Z",
      "deadlineAt": "2026-11-30T09:20:43.433Z",
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
      "operationId": "79ba9bb1-1a6c-889b-867f-3cfd00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T09:20:42.433Z",
      "deadlineAt": "2026-11-30T09:20:43.432Z",
      "endedAt": "2026-11-30T09:20:42.613Z",
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
          "operationId": "79ba9bb1-1a6c-889b-867f-3cfd00000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T09:20:42.433Z",
          "deadlineAt": "2026-11-30T09:20:43.432Z",
          "endedAt": "2026-11-30T09:20:42.613Z",
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
      "exportId": "3678270342445056",
      "name": "lazy",
      "version": 3678270342445058,
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
      "operationId": "1c112cc1-68a1-8e87-9c98-1f2400000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T09:20:42.879Z",
      "deadlineAt": "2026-11-30T09:20:43.879Z",
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
        "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T09:21:36.774Z",
        "lastSeenAt": "2026-11-30T09:20:36.774Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 11,
        "streams": 0
      },
      "locks": [
        {
          "id": "abe77993-0ac7-8e4c-b3b4-461200000000",
          "no": 3678270334660608,
          "kind": "lease",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 6598,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "8923c169-9942-862b-a7e9-fa7800000000",
          "no": 3678270334810112,
          "kind": "lease",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 6525,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "da436ce3-510e-876b-ad6a-6ac100000000",
          "no": 3678270334810113,
          "kind": "lease",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 6525,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "ce7605a0-4436-8054-85bd-6b1a00000000",
          "no": 3678270335959041,
          "kind": "open",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 5964,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "02192490-509a-8f5d-b058-197f00000000",
          "no": 3678270335959042,
          "kind": "delegation",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 5964,
          "type": "read",
          "state": "breaking",
          "token": 3678270335959040,
          "backed": false,
          "break": {
            "breakId": "b3678270340769792",
            "target": "none",
            "deadlineAt": "2026-11-30T09:21:39.831Z",
            "remainingMs": 56387,
            "cause": "change"
          }
        },
        {
          "id": "509bbac8-3e80-8993-83c2-de2200000000",
          "no": 3678270337406977,
          "kind": "lease",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "batch/a",
          "fileId": "batch/a",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 5257,
          "type": "write",
          "state": "active",
          "token": 3678270337406976,
          "backed": false
        },
        {
          "id": "2de5bf88-0853-881a-86bc-3f2f00000000",
          "no": 3678270337406979,
          "kind": "lease",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "batch/b",
          "fileId": "batch/b",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 5257,
          "type": "write",
          "state": "active",
          "token": 3678270337406977,
          "backed": false
        },
        {
          "id": "86526d8b-2d7c-8e3c-8dcc-a5e300000000",
          "no": 3678270337599489,
          "kind": "lease",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 5163,
          "type": "write",
          "state": "active",
          "token": 3678270337599488,
          "backed": false
        },
        {
          "id": "95bd4d8e-bba4-8ce2-a856-f54900000000",
          "no": 3678270337609729,
          "kind": "lease",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 5158,
          "type": "write",
          "state": "active",
          "token": 3678270337609728,
          "backed": false
        },
        {
          "id": "59765d8b-4411-886c-804e-964c00000000",
          "no": 3678270337652737,
          "kind": "permit",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "moves",
          "fileId": "moves",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 5137,
          "type": "permit",
          "state": "held",
          "token": 3678270337652736,
          "backed": false
        },
        {
          "id": "2d85cb7f-bf0c-880d-a781-a50f00000000",
          "no": 3678270338365440,
          "kind": "permit",
          "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
          "owner": "720105f9-8121-884d-9b00-a8c000000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 4653,
          "type": "permit",
          "state": "held",
          "token": 3678270338643968,
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
    "instance": "urn:leasehold:request:14bea77f8470-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59946,
    "blockers": [
      {
        "id": "181d5ac0-52bb-8ba7-9b15-8ee700000000",
        "kind": "lease",
        "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
        "owner": "720105f9-8121-884d-9b00-a8c000000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 392,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678270335623168",
      "target": "none",
      "deadlineAt": "2026-11-30T09:21:37.316Z",
      "remainingMs": 59946
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:14bea77f8470-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:14bea77f8470-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "d7bfff45-374f-8a1c-a3aa-dd1f00000000",
        "kind": "posix",
        "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
        "owner": "720105f9-8121-884d-9b00-a8c000000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 115,
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
    "instance": "urn:leasehold:request:14bea77f8470-y",
    "code": "EEXIST",
    "reason": "owner_has_lease",
    "next": "Use the lease in `leaseId`.",
    "leaseId": "86526d8b-2d7c-8e3c-8dcc-a5e300000000",
    "detail": "Nothing of the set is held. It was refused the lease of local:set/from."
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:14bea77f8470-12",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "223c7a40-6e90-8f77-9199-9bf600000000",
        "kind": "permit",
        "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
        "owner": "720105f9-8121-884d-9b00-a8c000000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 114,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:14bea77f8470-13",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:14bea77f8470-19",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "41d91f50-ba01-89f9-9751-eda800000000",
        "kind": "dlm",
        "sessionId": "720105f9-8121-884d-9b00-a8c000000000",
        "owner": "720105f9-8121-884d-9b00-a8c000000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 59,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:14bea77f8470-1l",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:14bea77f8470-1o",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:14bea77f8470-1r",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as 5ad4e6c3-e24a-8abc-a4e7-2d2700000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:14bea77f8470-24",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:14bea77f8470-2e",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678270342445058
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:14bea77f8470-2k",
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
        "name": "9e6af1fb-509c-8d6f-bca0-04f700000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "720105f9-8121-884d-9b00-a8c000000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:14bea77f8470-3h",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:14bea77f8470-3m",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:14bea77f8470-3s",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:14bea77f8470-3u",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};

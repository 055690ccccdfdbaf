/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T19:58:50.276Z",
      "lastSeenAt": "2026-11-30T19:57:50.276Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "tableLife": "0",
      "secret": "_SZHsXWyRUlCKdGrRYJxTAQeBT_c23sMKKn0bLZJ-9I"
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
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T19:58:50.277Z",
          "lastSeenAt": "2026-11-30T19:57:50.277Z",
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T19:58:50.277Z",
      "lastSeenAt": "2026-11-30T19:57:50.277Z",
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T19:58:50.301Z",
      "lastSeenAt": "2026-11-30T19:57:50.301Z",
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
      "leaseId": "aef177b5-b4c3-83ac-bb6f-055e00000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "aef177b5b4c383acbb6f055e"
      },
      "backed": false
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "e29da854-27ce-89d2-9ab1-14db00000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678348636850176,
      "stateid": {
        "seqid": 1,
        "other": "e29da85427ce89d29ab114db"
      },
      "backed": false
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "aef177b5-b4c3-83ac-bb6f-055e00000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "aef177b5b4c383acbb6f055e"
          },
          "backed": false
        },
        {
          "leaseId": "a5dcca79-1e7f-8517-991b-ff7d00000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "a5dcca791e7f8517991bff7d"
          },
          "backed": false
        }
      ],
      "cursor": "3678348636827648"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "e29da854-27ce-89d2-9ab1-14db00000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678348636887040,
      "stateid": {
        "seqid": 2,
        "other": "e29da85427ce89d29ab114db"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678348636850176
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "640f03e7-c44c-889f-8de0-42b700000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "640f03e7c44c889f8de042b7"
      },
      "backed": false
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "640f03e7-c44c-889f-8de0-42b700000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "640f03e7c44c889f8de042b7"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678348636956672",
        "target": "none",
        "deadlineAt": "2026-11-30T19:58:50.389Z",
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
      "leaseId": "e29da854-27ce-89d2-9ab1-14db00000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678348636887040,
      "stateid": {
        "seqid": 2,
        "other": "e29da85427ce89d29ab114db"
      },
      "backed": false,
      "break": {
        "breakId": "b3678348636956672",
        "target": "none",
        "deadlineAt": "2026-11-30T19:58:50.390Z",
        "remainingMs": 59992,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "640f03e7-c44c-889f-8de0-42b700000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "640f03e7c44c889f8de042b7"
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
      "id": "23ad0700-4a2e-856a-bc40-073400000000",
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "60305167-b1e0-8e02-8f8c-aa8700000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "rangeId": "0e646332-d52a-876b-b163-cca500000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "other",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "read",
      "start": "0",
      "end": "9007199254740993",
      "state": "waiting",
      "waitNo": 3678348637212673,
      "backed": false
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "rangeId": "60305167-b1e0-8e02-8f8c-aa8700000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
        "id": "60305167-b1e0-8e02-8f8c-aa8700000000",
        "kind": "posix",
        "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 15,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "id": "0e646332-d52a-876b-b163-cca500000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59990,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "60305167-b1e0-8e02-8f8c-aa8700000000",
            "kind": "posix",
            "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
            "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 50,
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
          "id": "60305167-b1e0-8e02-8f8c-aa8700000000",
          "no": 3678348637130753,
          "kind": "posix",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
              "id": "0e646332-d52a-876b-b163-cca500000000",
              "no": 3678348637212672,
              "kind": "posix",
              "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 20,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "60305167-b1e0-8e02-8f8c-aa8700000000"
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
            "leaseId": "f9cd04ce-062b-8e07-8f54-c5c700000000",
            "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
            "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
            "export": "local",
            "file": "batch/a",
            "fileId": "batch/a",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678348637310976,
            "stateid": {
              "seqid": 1,
              "other": "f9cd04ce062b8e078f54c5c7"
            },
            "backed": false
          }
        },
        {
          "index": 1,
          "status": 201,
          "body": {
            "leaseId": "fff2ec97-0bb4-8da8-b056-209000000000",
            "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
            "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
            "export": "local",
            "file": "batch/b",
            "fileId": "batch/b",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678348637313024,
            "stateid": {
              "seqid": 1,
              "other": "fff2ec970bb48da8b0562090"
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
            "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
            "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
          "leaseId": "f113d870-2a84-8106-9dd6-ec3c00000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678348637351936,
          "stateid": {
            "seqid": 1,
            "other": "f113d8702a8481069dd6ec3c"
          },
          "backed": false
        },
        {
          "leaseId": "a2dfebec-667d-8f87-9c2a-106500000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678348637353984,
          "stateid": {
            "seqid": 1,
            "other": "a2dfebec667d8f879c2a1065"
          },
          "backed": false
        }
      ],
      "ranges": [
        {
          "rangeId": "fb1a08c2-29e5-85f1-81d2-f55900000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
          "permitId": "43fb1752-2510-8e61-814b-845600000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "semaphore": "moves",
          "state": "held",
          "token": 3678348637360128
        }
      ]
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "permitId": "f329bba5-e5ea-8c27-8a1f-9ee100000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678348637403136
    },
    "202": {
      "permitId": "46fd37e2-e2b2-8580-b9fd-48f500000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting",
      "waitNo": 3678348637483009
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "f329bba5-e5ea-8c27-8a1f-9ee100000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678348637403136
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "f329bba5-e5ea-8c27-8a1f-9ee100000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678348637403136
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "04fe9133-6790-8f73-a324-713100000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678348637542400
    },
    "202": {
      "lockId": "ffc83072-f059-883d-bfeb-79ef00000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "waitNo": 3678348637587457,
      "seqid": 0
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
          "lockId": "04fe9133-6790-8f73-a324-713100000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678348637542400,
          "blocking": "PR"
        },
        {
          "lockId": "ffc83072-f059-883d-bfeb-79ef00000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "waitNo": 3678348637587457,
          "seqid": 0
        }
      ]
    }
  },
  "get /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "04fe9133-6790-8f73-a324-713100000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678348637542400,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "04fe9133-6790-8f73-a324-713100000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678348637542400,
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
          "lockId": "04fe9133-6790-8f73-a324-713100000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678348637542400,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "ffc83072-f059-883d-bfeb-79ef00000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "waitNo": 3678348637587457,
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59966
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "lockId": "ffc83072-f059-883d-bfeb-79ef00000000"
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
      "connectionId": "57c72d17-cb02-81f2-9675-c5c800000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
          "connectionId": "57c72d17-cb02-81f2-9675-c5c800000000",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "connectionId": "57c72d17-cb02-81f2-9675-c5c800000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "connectionId": "57c72d17-cb02-81f2-9675-c5c800000000",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "changeId": "afb09a1b-cd3a-8e09-bef9-d57e00000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "a9fbef8f-a6b2-8d51-861f-75c900000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "waiting",
      "waitNo": 3678348637937666,
      "on": {
        "file": "d",
        "kind": "truncate"
      }
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
      "id": "e29da854-27ce-89d2-9ab1-14db00000000",
      "no": 3678348636850177,
      "kind": "lease",
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 564,
      "type": "read",
      "state": "breaking",
      "token": 3678348636887040,
      "backed": false,
      "break": {
        "breakId": "b3678348636956672",
        "target": "none",
        "deadlineAt": "2026-11-30T19:58:50.390Z",
        "remainingMs": 59489,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678348636887040
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "e29da854-27ce-89d2-9ab1-14db00000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678348636887040,
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
      "version": 3678348638132226,
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
      "version": 3678348638148609,
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
      "version": 3678348638173185,
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
      "exportId": "3678348638201856",
      "name": "lazy",
      "version": 3678348638201858,
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
          "version": 3678348636037123,
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
          "version": 3678348638132226,
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
      "version": 3678348638132226,
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
      "pinId": "19800e70-d6e5-87e7-93ae-893f00000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "19800e70-d6e5-87e7-93ae-893f00000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
          "name": "19800e70-d6e5-87e7-93ae-893f00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "c7e67500-6ee0-8df9-9910-5f3800000000"
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
          "exportId": "3678348636037120",
          "name": "local",
          "version": 3678348636037121,
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
          "exportId": "3678348638201856",
          "name": "lazy",
          "version": 3678348638201858,
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
      "exportId": "3678348638201856",
      "name": "lazy",
      "version": 3678348638201858,
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
      "pinId": "fde1901a-99a5-854b-af33-d7d700000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "fde1901a-99a5-854b-af33-d7d700000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "c7e67500-6ee0-8df9-9910-5f3800000000"
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
          "version": 3678348638173185,
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
      "version": 3678348638173185,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "8fa5d42e-6238-86fb-b69d-f24200000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "8fa5d42e-6238-86fb-b69d-f24200000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "c7e67500-6ee0-8df9-9910-5f3800000000"
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
          "version": 3678348638148609,
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
      "version": 3678348638148609,
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
      "pinId": "86d53b68-5b1f-8154-b611-381300000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
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
          "name": "86d53b68-5b1f-8154-b611-381300000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "c7e67500-6ee0-8df9-9910-5f3800000000"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000"
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
      "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "97485e92-fa4f-8384-9082-d65300000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T19:57:51.256Z",
      "deadlineAt": "2026-11-30T19:57:52.256Z",
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
      "operationId": "97485e92-fa4f-8384-9082-d65300000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T19:57:51.256Z",
      "deadlineAt": "2026-11-30T19:57:52.256Z",
      "endedAt": "2026-11-30T19:57:51.465Z",
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
          "operationId": "97485e92-fa4f-8384-9082-d65300000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T19:57:51.256Z",
          "deadlineAt": "2026-11-30T19:57:52.257Z",
          "endedAt": "2026-11-30T19:57:51.465Z",
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
      "exportId": "3678348638201856",
      "name": "lazy",
      "version": 3678348638201858,
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
      "operationId": "af491c0d-7be0-83bd-90a1-981400000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T19:57:51.500Z",
      "deadlineAt": "2026-11-30T19:57:52.500Z",
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
  "get /metrics": {},
  "delete /v1/sessions/{id}": {
    "200": {
      "session": {
        "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T19:58:50.302Z",
        "lastSeenAt": "2026-11-30T19:57:50.302Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 12,
        "streams": 0,
        "tableLife": "0"
      },
      "locks": [
        {
          "id": "aef177b5-b4c3-83ac-bb6f-055e00000000",
          "no": 3678348636798976,
          "kind": "lease",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1487,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "a5dcca79-1e7f-8517-991b-ff7d00000000",
          "no": 3678348636827648,
          "kind": "lease",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1473,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "4dc5a7cc-0d48-88f2-989f-817700000000",
          "no": 3678348636827649,
          "kind": "lease",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1473,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "8aef43b1-fd67-8de9-ae59-dc0f00000000",
          "no": 3678348637036545,
          "kind": "open",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1371,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "23ad0700-4a2e-856a-bc40-073400000000",
          "no": 3678348637036546,
          "kind": "delegation",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1371,
          "type": "read",
          "state": "breaking",
          "token": 3678348637036544,
          "backed": false,
          "break": {
            "breakId": "b3678348637937664",
            "target": "none",
            "deadlineAt": "2026-11-30T19:58:50.868Z",
            "remainingMs": 59069,
            "cause": "change"
          }
        },
        {
          "id": "f9cd04ce-062b-8e07-8f54-c5c700000000",
          "no": 3678348637310977,
          "kind": "lease",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "batch/a",
          "fileId": "batch/a",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1237,
          "type": "write",
          "state": "active",
          "token": 3678348637310976,
          "backed": false
        },
        {
          "id": "fff2ec97-0bb4-8da8-b056-209000000000",
          "no": 3678348637313025,
          "kind": "lease",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "batch/b",
          "fileId": "batch/b",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1236,
          "type": "write",
          "state": "active",
          "token": 3678348637313024,
          "backed": false
        },
        {
          "id": "f113d870-2a84-8106-9dd6-ec3c00000000",
          "no": 3678348637351937,
          "kind": "lease",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1217,
          "type": "write",
          "state": "active",
          "token": 3678348637351936,
          "backed": false
        },
        {
          "id": "a2dfebec-667d-8f87-9c2a-106500000000",
          "no": 3678348637353985,
          "kind": "lease",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1216,
          "type": "write",
          "state": "active",
          "token": 3678348637353984,
          "backed": false
        },
        {
          "id": "fb1a08c2-29e5-85f1-81d2-f55900000000",
          "no": 3678348637358081,
          "kind": "posix",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "set/index",
          "fileId": "set/index",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1214,
          "type": "write",
          "start": "0",
          "end": "99",
          "state": "held",
          "backed": false
        },
        {
          "id": "43fb1752-2510-8e61-814b-845600000000",
          "no": 3678348637360129,
          "kind": "permit",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "moves",
          "fileId": "moves",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1213,
          "type": "permit",
          "state": "held",
          "token": 3678348637360128,
          "backed": false
        },
        {
          "id": "46fd37e2-e2b2-8580-b9fd-48f500000000",
          "no": 3678348637483008,
          "kind": "permit",
          "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1129,
          "type": "permit",
          "state": "held",
          "token": 3678348637532160,
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
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59983,
    "blockers": [
      {
        "id": "e29da854-27ce-89d2-9ab1-14db00000000",
        "kind": "lease",
        "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 69,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678348636956672",
      "target": "none",
      "deadlineAt": "2026-11-30T19:58:50.389Z",
      "remainingMs": 59983
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "60305167-b1e0-8e02-8f8c-aa8700000000",
        "kind": "posix",
        "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 29,
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
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-y",
    "code": "EEXIST",
    "reason": "owner_has_lease",
    "next": "Use the lease in `leaseId`.",
    "leaseId": "f113d870-2a84-8106-9dd6-ec3c00000000",
    "detail": "Nothing of the set is held. It was refused the lease of local:set/from."
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-12",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "f329bba5-e5ea-8c27-8a1f-9ee100000000",
        "kind": "permit",
        "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 23,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-13",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-19",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "04fe9133-6790-8f73-a324-713100000000",
        "kind": "dlm",
        "sessionId": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "owner": "c7e67500-6ee0-8df9-9910-5f3800000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 11,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-1l",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-1o",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-1r",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as 57c72d17-cb02-81f2-9675-c5c800000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-24",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-2e",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678348638201858
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-2k",
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
        "name": "19800e70-d6e5-87e7-93ae-893f00000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "c7e67500-6ee0-8df9-9910-5f3800000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-3i",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-3n",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-3t",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:d8ab8c0a8dd2-3v",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};

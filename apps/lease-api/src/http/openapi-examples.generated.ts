/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T21:56:50.814Z",
      "lastSeenAt": "2026-11-30T21:55:50.814Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "tableLife": "0",
      "secret": "gM5ZK75zosG--ijZ1-wVpQzuBlajFhytxH1lp_zUdHv"
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
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T21:56:50.814Z",
          "lastSeenAt": "2026-11-30T21:55:50.814Z",
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T21:56:50.813Z",
      "lastSeenAt": "2026-11-30T21:55:50.813Z",
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T21:56:50.870Z",
      "lastSeenAt": "2026-11-30T21:55:50.870Z",
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
      "leaseId": "a3883e57-3cbc-898e-a3fe-25ea00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "a3883e573cbc898ea3fe25ea"
      },
      "backed": false
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "7df0c286-e85e-833c-9780-7c7200000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678363138064384,
      "stateid": {
        "seqid": 1,
        "other": "7df0c286e85e833c97807c72"
      },
      "backed": false
    },
    "202": {
      "leaseId": "47e8ea7b-5076-8b16-892e-ef2500000000",
      "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "export": "local",
      "file": "held",
      "fileId": "held",
      "type": "none",
      "delegation": false,
      "waitType": "write",
      "waitNo": 3678363143624705,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "47e8ea7b50768b16892eef25"
      },
      "backed": false
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "a3883e57-3cbc-898e-a3fe-25ea00000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "a3883e573cbc898ea3fe25ea"
          },
          "backed": false
        },
        {
          "leaseId": "359413ae-0762-82c4-81bc-6ac600000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "359413ae076282c481bc6ac6"
          },
          "backed": false
        }
      ],
      "cursor": "3678363138011136"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "7df0c286-e85e-833c-9780-7c7200000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678363138179072,
      "stateid": {
        "seqid": 2,
        "other": "7df0c286e85e833c97807c72"
      },
      "backed": false
    },
    "202": {
      "leaseId": "bdfe033e-eadc-8829-b467-1e4e00000000",
      "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "export": "local",
      "file": "kept",
      "fileId": "kept",
      "type": "none",
      "delegation": false,
      "waitType": "write",
      "waitNo": 3678363143669760,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "bdfe033eeadc8829b4671e4e"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678363138064384
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "c5ff118b-e0ff-8c60-9525-b26200000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "c5ff118be0ff8c609525b262"
      },
      "backed": false
    },
    "202": {
      "openId": "c33bdb75-cee4-8220-b997-5ccf00000000",
      "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "export": "local",
      "file": "denied",
      "fileId": "denied",
      "access": "write",
      "deny": "none",
      "state": "waiting",
      "waitNo": 3678363143731202,
      "stateid": {
        "seqid": 0,
        "other": "c33bdb75cee48220b9975ccf"
      },
      "backed": false
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "c5ff118b-e0ff-8c60-9525-b26200000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "c5ff118be0ff8c609525b262"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678363138379776",
        "target": "none",
        "deadlineAt": "2026-11-30T21:56:51.162Z",
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
      "leaseId": "7df0c286-e85e-833c-9780-7c7200000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678363138179072,
      "stateid": {
        "seqid": 2,
        "other": "7df0c286e85e833c97807c72"
      },
      "backed": false,
      "break": {
        "breakId": "b3678363138379776",
        "target": "none",
        "deadlineAt": "2026-11-30T21:56:51.162Z",
        "remainingMs": 59987,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "c5ff118b-e0ff-8c60-9525-b26200000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "c5ff118be0ff8c609525b262"
      },
      "backed": false
    },
    "202": {
      "openId": "f413318b-e351-8ec2-84ca-234200000000",
      "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "export": "local",
      "file": "less",
      "fileId": "less",
      "access": "read",
      "deny": "none",
      "state": "open",
      "toAccess": "both",
      "toDeny": "none",
      "waitNo": 3678363143778304,
      "stateid": {
        "seqid": 1,
        "other": "f413318be3518ec284ca2342"
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
      "id": "e88c5e2c-15ad-8b28-a35a-29ba00000000",
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "017d94ea-3f3e-829f-a9f9-183e00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "rangeId": "dd6f4da1-ed91-8856-921a-7e0800000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "other",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "read",
      "start": "0",
      "end": "9007199254740993",
      "state": "waiting",
      "waitNo": 3678363138928641,
      "backed": false
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "rangeId": "017d94ea-3f3e-829f-a9f9-183e00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
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
        "id": "017d94ea-3f3e-829f-a9f9-183e00000000",
        "kind": "posix",
        "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
        "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 23,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "id": "dd6f4da1-ed91-8856-921a-7e0800000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59966,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "017d94ea-3f3e-829f-a9f9-183e00000000",
            "kind": "posix",
            "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
            "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 99,
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
          "id": "017d94ea-3f3e-829f-a9f9-183e00000000",
          "no": 3678363138793473,
          "kind": "posix",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 153,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "dd6f4da1-ed91-8856-921a-7e0800000000",
              "no": 3678363138928640,
              "kind": "posix",
              "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 87,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "017d94ea-3f3e-829f-a9f9-183e00000000"
            }
          ]
        }
      ]
    },
    "200 text/plain": "3678363138064385: LEASE  BREAKING  UNLCK 1 <none>:0 0 EOF\n3678363138516994: DELEG  BREAKING  UNLCK 1 <none>:0 0 EOF\n3678363139299329: LEASE  ACTIVE    WRITE 1 <none>:0 0 EOF\n3678363139301377: LEASE  ACTIVE    WRITE 1 <none>:0 0 EOF\n3678363139354625: LEASE  ACTIVE    WRITE 1 <none>:0 0 EOF\n3678363139409921: LEASE  ACTIVE    WRITE 1 <none>:0 0 EOF\n3678363139436545: POSIX  ADVISORY  WRITE 1 <none>:0 0 99\n3678363140884481: DELEG  ACTIVE    READ 1 <none>:0 0 EOF\n\n",
    "200 application/x-ndjson": {
      "id": "7df0c286-e85e-833c-9780-7c7200000000",
      "no": 3678363138064385,
      "kind": "lease",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 1521,
      "type": "read",
      "state": "breaking",
      "token": 3678363138179072,
      "backed": false,
      "break": {
        "breakId": "b3678363138379776",
        "target": "none",
        "deadlineAt": "2026-11-30T21:56:51.163Z",
        "remainingMs": 58634,
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
            "leaseId": "47b2eddd-bcb8-8e86-a3b9-a4fd00000000",
            "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
            "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
            "export": "local",
            "file": "batch/a",
            "fileId": "batch/a",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678363139299328,
            "stateid": {
              "seqid": 1,
              "other": "47b2edddbcb88e86a3b9a4fd"
            },
            "backed": false
          }
        },
        {
          "index": 1,
          "status": 201,
          "body": {
            "leaseId": "4e3e09c7-8ac5-8104-9819-d4b700000000",
            "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
            "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
            "export": "local",
            "file": "batch/b",
            "fileId": "batch/b",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678363139301376,
            "stateid": {
              "seqid": 1,
              "other": "4e3e09c78ac581049819d4b7"
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
            "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
            "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
        "leaseId": "5655098e-a481-8a5b-b467-004a00000000",
        "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
        "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
        "export": "local",
        "file": "one",
        "fileId": "one",
        "type": "write",
        "delegation": false,
        "state": "active",
        "token": 3678363143936000,
        "stateid": {
          "seqid": 1,
          "other": "5655098ea4818a5bb467004a"
        },
        "backed": false
      }
    }
  },
  "post /v1/sets": {
    "201": {
      "leases": [
        {
          "leaseId": "ee1aacaf-a615-8748-90da-ad4a00000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678363139354624,
          "stateid": {
            "seqid": 1,
            "other": "ee1aacafa615874890daad4a"
          },
          "backed": false
        },
        {
          "leaseId": "8eccb8b5-da9e-89bf-a423-baa500000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "type": "write",
          "delegation": false,
          "state": "active",
          "token": 3678363139409920,
          "stateid": {
            "seqid": 1,
            "other": "8eccb8b5da9e89bfa423baa5"
          },
          "backed": false
        }
      ],
      "ranges": [
        {
          "rangeId": "774ceb6e-fe8c-8145-a52c-f42100000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
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
          "permitId": "f2f5b406-d221-8815-962c-4ab500000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "semaphore": "moves",
          "state": "held",
          "token": 3678363139444736
        }
      ]
    },
    "202": {
      "leases": [
        {
          "leaseId": "bbd1d7d4-3654-828e-8af5-771c00000000",
          "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
          "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
          "export": "local",
          "file": "set",
          "fileId": "set",
          "type": "none",
          "delegation": false,
          "waitType": "write",
          "waitNo": 3678363143817217,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "bbd1d7d43654828e8af5771c"
          },
          "backed": false
        }
      ],
      "ranges": [],
      "permits": []
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "permitId": "90c892db-a838-863d-aafc-c51600000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678363139561472
    },
    "202": {
      "permitId": "07ce48d0-5e77-8767-8963-62ae00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting",
      "waitNo": 3678363139680257
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "90c892db-a838-863d-aafc-c51600000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678363139561472
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "90c892db-a838-863d-aafc-c51600000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678363139561472
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "2405404a-576e-817e-a543-810b00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678363139776512
    },
    "202": {
      "lockId": "9b62623c-daa2-88a4-913a-eaa200000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "waitNo": 3678363139850241,
      "seqid": 0
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
          "lockId": "2405404a-576e-817e-a543-810b00000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678363139776512,
          "blocking": "PR"
        },
        {
          "lockId": "9b62623c-daa2-88a4-913a-eaa200000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "waitNo": 3678363139850241,
          "seqid": 0
        }
      ]
    }
  },
  "get /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "2405404a-576e-817e-a543-810b00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678363139776512,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "2405404a-576e-817e-a543-810b00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678363139776512,
      "blocking": "PR"
    },
    "202": {
      "lockId": "2f17c553-97f8-81c2-948f-592b00000000",
      "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "export": "local",
      "resource": "shared",
      "state": "converting",
      "mode": "PR",
      "wants": "EX",
      "waitNo": 3678363143888896,
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
          "lockId": "2405404a-576e-817e-a543-810b00000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678363139776512,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "9b62623c-daa2-88a4-913a-eaa200000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "waitNo": 3678363139850241,
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59905
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "lockId": "9b62623c-daa2-88a4-913a-eaa200000000"
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
      "connectionId": "6441eaae-9f54-8606-be23-d58c00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
          "connectionId": "6441eaae-9f54-8606-be23-d58c00000000",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "connectionId": "6441eaae-9f54-8606-be23-d58c00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "connectionId": "6441eaae-9f54-8606-be23-d58c00000000",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
      "changeId": "94117fb5-4057-8257-8e5d-807100000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "7bfb07ad-82cb-8501-a412-20fa00000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "waiting",
      "waitNo": 3678363140814850,
      "on": {
        "file": "d",
        "kind": "truncate"
      }
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
  "post /v1/files/changes/report": {
    "200": {
      "reported": true
    },
    "request": {
      "announced": [
        "18641e9e-366e-8c58-840d-1dbc00000000"
      ],
      "made": true
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
      "id": "7df0c286-e85e-833c-9780-7c7200000000",
      "no": 3678363138064385,
      "kind": "lease",
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 1500,
      "type": "read",
      "state": "breaking",
      "token": 3678363138179072,
      "backed": false,
      "break": {
        "breakId": "b3678363138379776",
        "target": "none",
        "deadlineAt": "2026-11-30T21:56:51.162Z",
        "remainingMs": 58654,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678363138179072
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "7df0c286-e85e-833c-9780-7c7200000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678363138179072,
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
      "version": 3678363142275072,
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
      "version": 3678363141353474,
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
      "version": 3678363142297600,
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
      "version": 3678363141369857,
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
      "version": 3678363142311936,
      "region": "region",
      "description": "d",
      "state": "down",
      "sessions": 0,
      "removing": false
    },
    "201": {
      "kind": "nodes",
      "name": "node",
      "version": 3678363141410817,
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
      "exportId": "3678363141431296",
      "name": "lazy",
      "version": 3678363142326272,
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
      "exportId": "3678363141431296",
      "name": "lazy",
      "version": 3678363141431298,
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
          "version": 3678363133585411,
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
          "version": 3678363141353474,
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
      "version": 3678363141353474,
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
      "pinId": "2e34d98f-1140-8c38-bcfb-11b600000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "2e34d98f-1140-8c38-bcfb-11b600000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
          "name": "2e34d98f-1140-8c38-bcfb-11b600000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "5d28cbdf-6165-8210-b609-41ee00000000"
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
          "exportId": "3678363133585408",
          "name": "local",
          "version": 3678363133585409,
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
          "delegations": 2,
          "withoutBackend": {
            "refused": 0,
            "queued": 0,
            "unbacked": 0
          }
        },
        {
          "kind": "exports",
          "exportId": "3678363141431296",
          "name": "lazy",
          "version": 3678363141431298,
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
      "exportId": "3678363141431296",
      "name": "lazy",
      "version": 3678363141431298,
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
      "pinId": "7fcc36ab-f1cf-8a7f-9693-dafb00000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "7fcc36ab-f1cf-8a7f-9693-dafb00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "5d28cbdf-6165-8210-b609-41ee00000000"
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
          "version": 3678363141410817,
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
      "version": 3678363141410817,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "ed9c3ad6-b087-8653-89b5-c9d400000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "ed9c3ad6-b087-8653-89b5-c9d400000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "5d28cbdf-6165-8210-b609-41ee00000000"
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
          "version": 3678363141369857,
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
      "version": 3678363141369857,
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
      "pinId": "4dabfdc7-c5e6-8cf5-af11-453e00000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
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
          "name": "4dabfdc7-c5e6-8cf5-af11-453e00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "5d28cbdf-6165-8210-b609-41ee00000000"
          }
        }
      ]
    }
  },
  "delete /v1/nodes/{name}": {
    "202": {
      "operationId": "e7f96b05-c1f4-8af7-9044-064800000000",
      "kind": "remove",
      "of": {
        "kind": "nodes",
        "name": "gone"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T21:55:53.110Z",
      "deadlineAt": "2026-11-30T21:55:54.110Z",
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
      "operationId": "9e60a219-8a5d-800b-bfe0-1c0a00000000",
      "kind": "remove",
      "of": {
        "kind": "exports",
        "name": "gone"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T21:55:53.135Z",
      "deadlineAt": "2026-11-30T21:55:54.135Z",
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
      "operationId": "f42b9347-ad2b-85f7-804c-245600000000",
      "kind": "remove",
      "of": {
        "kind": "stacks",
        "name": "gone"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T21:55:53.220Z",
      "deadlineAt": "2026-11-30T21:55:54.220Z",
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000"
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
      "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "9199038e-0aa3-8f1a-9e8b-b6a600000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T21:55:53.319Z",
      "deadlineAt": "2026-11-30T21:55:54.319Z",
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
      "operationId": "9199038e-0aa3-8f1a-9e8b-b6a600000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T21:55:53.319Z",
      "deadlineAt": "2026-11-30T21:55:54.320Z",
      "endedAt": "2026-11-30T21:55:53.405Z",
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
          "operationId": "e7f96b05-c1f4-8af7-9044-064800000000",
          "kind": "remove",
          "of": {
            "kind": "nodes",
            "name": "gone"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T21:55:53.110Z",
          "deadlineAt": "2026-11-30T21:55:54.109Z",
          "endedAt": "2026-11-30T21:55:53.121Z",
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
          "operationId": "9e60a219-8a5d-800b-bfe0-1c0a00000000",
          "kind": "remove",
          "of": {
            "kind": "exports",
            "name": "gone"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T21:55:53.135Z",
          "deadlineAt": "2026-11-30T21:55:54.135Z",
          "endedAt": "2026-11-30T21:55:53.153Z",
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
          "operationId": "f42b9347-ad2b-85f7-804c-245600000000",
          "kind": "remove",
          "of": {
            "kind": "stacks",
            "name": "gone"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T21:55:53.220Z",
          "deadlineAt": "2026-11-30T21:55:54.220Z",
          "endedAt": "2026-11-30T21:55:53.236Z",
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
          "operationId": "9199038e-0aa3-8f1a-9e8b-b6a600000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T21:55:53.319Z",
          "deadlineAt": "2026-11-30T21:55:54.319Z",
          "endedAt": "2026-11-30T21:55:53.405Z",
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
      "exportId": "3678363141431296",
      "name": "lazy",
      "version": 3678363142326272,
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
  "post /v1/stacks/{name}/adapters/{incarnation}/stop": {
    "202": {
      "operationId": "5ddb0a9c-b12f-87aa-a960-f13a00000000",
      "kind": "stop",
      "of": {
        "kind": "adapters",
        "name": "k2963f1bb.8EM2RZc3gXu-UxRiTVGu_8KzyFs3pyt8qaisbOUDjA8"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T22:26:42.538Z",
      "deadlineAt": "2026-11-30T22:26:43.538Z",
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
  "delete /v1/regions/{name}": {
    "202": {
      "operationId": "bebe7556-d971-8bd5-896f-064400000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T21:55:53.466Z",
      "deadlineAt": "2026-11-30T21:55:54.466Z",
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
      "id": "3678364353394431-80",
      "event": "resync",
      "data": {
        "cause": "connected"
      }
    }
  },
  "get /v1/dlm/connections/{id}/events": {
    "200 text/event-stream": {
      "id": "3678364353394431-80",
      "event": "resync",
      "data": {
        "cause": "connected"
      }
    }
  },
  "get /v1/events": {
    "200 text/event-stream": {
      "at": "2026-11-30T21:55:53.791Z",
      "export": "local",
      "file": "less",
      "id": "f413318b-e351-8ec2-84ca-234200000000",
      "what": "opened",
      "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
      "type": "read"
    }
  },
  "get /v1/watch": {
    "200 text/event-stream": {
      "at": "2026-11-30T21:55:53.942Z",
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
    "200 text/plain": "# HELP process_cpu_user_seconds_total Total user CPU time spent in seconds.\n# TYPE process_cpu_user_seconds_total counter\nprocess_cpu_user_seconds_total 0.723646\n\n# HELP process_cpu_system_seconds_total Total system CPU time spent in seconds.\n# TYPE process_cpu_system_seconds_total counter\nprocess_cpu_system_seconds_total 0.148132\n\n# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.\n# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 0.871778\n\n"
  },
  "delete /v1/sessions/{id}": {
    "200": {
      "session": {
        "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T21:56:50.872Z",
        "lastSeenAt": "2026-11-30T21:55:50.872Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 20,
        "streams": 0,
        "tableLife": "0"
      },
      "locks": [
        {
          "id": "a3883e57-3cbc-898e-a3fe-25ea00000000",
          "no": 3678363137853440,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 3154,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "359413ae-0762-82c4-81bc-6ac600000000",
          "no": 3678363138011136,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 3077,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "6789593d-3494-8876-82e3-291500000000",
          "no": 3678363138011137,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 3077,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "90992398-29b1-8d6b-a06e-2bbf00000000",
          "no": 3678363138516993,
          "kind": "open",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2830,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "e88c5e2c-15ad-8b28-a35a-29ba00000000",
          "no": 3678363138516994,
          "kind": "delegation",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2830,
          "type": "read",
          "state": "breaking",
          "token": 3678363138516992,
          "backed": false,
          "break": {
            "breakId": "b3678363140814848",
            "target": "none",
            "deadlineAt": "2026-11-30T21:56:52.351Z",
            "remainingMs": 58292,
            "cause": "change"
          }
        },
        {
          "id": "47b2eddd-bcb8-8e86-a3b9-a4fd00000000",
          "no": 3678363139299329,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "batch/a",
          "fileId": "batch/a",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2448,
          "type": "write",
          "state": "active",
          "token": 3678363139299328,
          "backed": false
        },
        {
          "id": "4e3e09c7-8ac5-8104-9819-d4b700000000",
          "no": 3678363139301377,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "batch/b",
          "fileId": "batch/b",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2447,
          "type": "write",
          "state": "active",
          "token": 3678363139301376,
          "backed": false
        },
        {
          "id": "ee1aacaf-a615-8748-90da-ad4a00000000",
          "no": 3678363139354625,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "set/from",
          "fileId": "set/from",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2421,
          "type": "write",
          "state": "active",
          "token": 3678363139354624,
          "backed": false
        },
        {
          "id": "8eccb8b5-da9e-89bf-a423-baa500000000",
          "no": 3678363139409921,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "set/to",
          "fileId": "set/to",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2394,
          "type": "write",
          "state": "active",
          "token": 3678363139409920,
          "backed": false
        },
        {
          "id": "774ceb6e-fe8c-8145-a52c-f42100000000",
          "no": 3678363139436545,
          "kind": "posix",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "set/index",
          "fileId": "set/index",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2381,
          "type": "write",
          "start": "0",
          "end": "99",
          "state": "held",
          "backed": false
        },
        {
          "id": "f2f5b406-d221-8815-962c-4ab500000000",
          "no": 3678363139444737,
          "kind": "permit",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "moves",
          "fileId": "moves",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2377,
          "type": "permit",
          "state": "held",
          "token": 3678363139444736,
          "backed": false
        },
        {
          "id": "07ce48d0-5e77-8767-8963-62ae00000000",
          "no": 3678363139680256,
          "kind": "permit",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 2225,
          "type": "permit",
          "state": "held",
          "token": 3678363139756032,
          "backed": false
        },
        {
          "id": "281e6fae-dc9a-836d-812a-ed5000000000",
          "no": 3678363140884481,
          "kind": "delegation",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "shown",
          "fileId": "shown",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1674,
          "type": "read",
          "state": "active",
          "token": 3678363140884480,
          "backed": false
        },
        {
          "id": "51659428-f214-83fa-bb19-361200000000",
          "no": 3678363143565313,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "held",
          "fileId": "held",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 365,
          "type": "write",
          "state": "active",
          "token": 3678363143565312,
          "backed": false,
          "waiters": [
            {
              "id": "47e8ea7b-5076-8b16-892e-ef2500000000",
              "no": 3678363143624704,
              "kind": "lease",
              "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "export": "local",
              "file": "held",
              "fileId": "held",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 336,
              "type": "none",
              "waits": "write",
              "state": "allocated",
              "backed": false,
              "blockedBy": "51659428-f214-83fa-bb19-361200000000"
            }
          ]
        },
        {
          "id": "059fe4c7-29ca-8f3e-9646-b53b00000000",
          "no": 3678363143583745,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "kept",
          "fileId": "kept",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 356,
          "type": "write",
          "state": "active",
          "token": 3678363143583744,
          "backed": false,
          "waiters": [
            {
              "id": "bdfe033e-eadc-8829-b467-1e4e00000000",
              "no": 3678363143657472,
              "kind": "lease",
              "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "export": "local",
              "file": "kept",
              "fileId": "kept",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 314,
              "type": "none",
              "waits": "write",
              "state": "allocated",
              "backed": false,
              "blockedBy": "059fe4c7-29ca-8f3e-9646-b53b00000000"
            }
          ]
        },
        {
          "id": "058b18a6-703f-837e-bf7b-b1fc00000000",
          "no": 3678363143600129,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "set",
          "fileId": "set",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 348,
          "type": "write",
          "state": "active",
          "token": 3678363143600128,
          "backed": false,
          "waiters": [
            {
              "id": "bbd1d7d4-3654-828e-8af5-771c00000000",
              "no": 3678363143817216,
              "kind": "lease",
              "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "export": "local",
              "file": "set",
              "fileId": "set",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 242,
              "type": "none",
              "waits": "write",
              "state": "allocated",
              "backed": false,
              "blockedBy": "058b18a6-703f-837e-bf7b-b1fc00000000"
            }
          ]
        },
        {
          "id": "6fea245b-b040-86b7-bcf5-ba4200000000",
          "no": 3678363143690241,
          "kind": "open",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "denied",
          "fileId": "denied",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 304,
          "type": "both",
          "deny": "write",
          "state": "open",
          "backed": false,
          "waiters": [
            {
              "id": "c33bdb75-cee4-8220-b997-5ccf00000000",
              "no": 3678363143731201,
              "kind": "open",
              "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "export": "local",
              "file": "denied",
              "fileId": "denied",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 284,
              "type": "write",
              "deny": "none",
              "waits": "write",
              "state": "waiting",
              "backed": false,
              "blockedBy": "6fea245b-b040-86b7-bcf5-ba4200000000"
            }
          ]
        },
        {
          "id": "08677ce4-95c2-86e7-90de-7de500000000",
          "no": 3678363143745537,
          "kind": "open",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "less",
          "fileId": "less",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 277,
          "type": "read",
          "deny": "write",
          "state": "open",
          "backed": false,
          "waiters": [
            {
              "id": "f413318b-e351-8ec2-84ca-234200000000",
              "no": 3678363143763968,
              "kind": "open",
              "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "export": "local",
              "file": "less",
              "fileId": "less",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 268,
              "type": "read",
              "deny": "none",
              "waits": "both",
              "state": "open",
              "backed": false,
              "blockedBy": "08677ce4-95c2-86e7-90de-7de500000000"
            }
          ]
        },
        {
          "id": "303d4431-659a-810c-b655-aac100000000",
          "no": 3678363143845889,
          "kind": "dlm",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "shared",
          "fileId": "shared",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 228,
          "type": "PR",
          "state": "granted",
          "backed": false,
          "waiters": [
            {
              "id": "2f17c553-97f8-81c2-948f-592b00000000",
              "no": 3678363143870464,
              "kind": "dlm",
              "sessionId": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "owner": "7a7e38e3-5d9b-846d-adf7-da9400000000",
              "export": "local",
              "file": "shared",
              "fileId": "shared",
              "inode": "<none>:0",
              "pid": 0,
              "ageMs": 216,
              "type": "PR",
              "waits": "EX",
              "state": "converting",
              "backed": false,
              "blockedBy": "303d4431-659a-810c-b655-aac100000000"
            }
          ]
        },
        {
          "id": "3150de02-fdd7-8831-ac47-8de600000000",
          "no": 3678363144073217,
          "kind": "lease",
          "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
          "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
          "export": "local",
          "file": "watched/0",
          "fileId": "watched/0",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 117,
          "type": "read",
          "state": "active",
          "token": 3678363144073216,
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
    "instance": "urn:leasehold:request:8b3c129f8be2-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59979,
    "blockers": [
      {
        "id": "7df0c286-e85e-833c-9780-7c7200000000",
        "kind": "lease",
        "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
        "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 174,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678363138379776",
      "target": "none",
      "deadlineAt": "2026-11-30T21:56:51.161Z",
      "remainingMs": 59979
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:8b3c129f8be2-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:8b3c129f8be2-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "017d94ea-3f3e-829f-a9f9-183e00000000",
        "kind": "posix",
        "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
        "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 52,
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
    "instance": "urn:leasehold:request:8b3c129f8be2-y",
    "code": "EEXIST",
    "reason": "owner_has_lease",
    "next": "Use the lease in `leaseId`.",
    "leaseId": "ee1aacaf-a615-8748-90da-ad4a00000000",
    "detail": "Nothing of the set is held. It was refused the lease of local:set/from."
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:8b3c129f8be2-12",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "90c892db-a838-863d-aafc-c51600000000",
        "kind": "permit",
        "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
        "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 34,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:8b3c129f8be2-13",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:8b3c129f8be2-19",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "2405404a-576e-817e-a543-810b00000000",
        "kind": "dlm",
        "sessionId": "5d28cbdf-6165-8210-b609-41ee00000000",
        "owner": "5d28cbdf-6165-8210-b609-41ee00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 20,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:8b3c129f8be2-1l",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:8b3c129f8be2-1o",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:8b3c129f8be2-1r",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as 6441eaae-9f54-8606-be23-d58c00000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:8b3c129f8be2-27",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:8b3c129f8be2-2h",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678363141431298
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:8b3c129f8be2-2n",
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
        "name": "2e34d98f-1140-8c38-bcfb-11b600000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "5d28cbdf-6165-8210-b609-41ee00000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:8b3c129f8be2-3v",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:8b3c129f8be2-4n",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:8b3c129f8be2-4t",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:8b3c129f8be2-4v",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};

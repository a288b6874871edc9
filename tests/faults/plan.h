/* What the driver and the preloaded object tell each other: a small file that
   both map, so that it outlives whoever is killed. */
#ifndef QUEMSI_FAULTS_PLAN_H
#define QUEMSI_FAULTS_PLAN_H

#include <errno.h>
#include <stdint.h>

enum fault_action {
  FAULT_NONE = 0,   /* count only */
  FAULT_KILL = 1,   /* SIGKILL instead of the call */
  FAULT_TORN = 2,   /* half of the bytes are written, then SIGKILL */
  FAULT_SHORT = 3,  /* half of the bytes are written, and the call says so */
  FAULT_FAIL = 4,   /* the call fails with `code`, once */
  FAULT_FAIL_ON = 5 /* it fails with `code`, and so does every later one */
};

/* What may befall a call. */
enum fault_trait { KILLABLE = 1, FILLS_DISK = 2, WRITES_BYTES = 4, USES_DEVICE = 8 };

/* What a call must have to be hit by it. */
static inline enum fault_trait fault_hits(int action, int code) {
  switch (action) {
    case FAULT_TORN:
    case FAULT_SHORT:
      return WRITES_BYTES;
    case FAULT_FAIL:
    case FAULT_FAIL_ON:
      return code == EIO ? USES_DEVICE : FILLS_DISK;
    default:
      return KILLABLE;
  }
}

struct fault_plan {
  int32_t action;
  int32_t code;
  int64_t at; /* the call that it happens to, counted from 1 */
  /* Written by the preloaded object: */
  int64_t calls;                   /* that could have been hit */
  int64_t having[USES_DEVICE + 1]; /* calls by what they have, whatever was planned */
  int64_t hits;
  char what[512]; /* the first call that was hit */
};

#endif

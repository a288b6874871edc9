/* What the recorder writes and the simulated disk reads. */
#ifndef QUEMSI_FAULTS_RECORDER_H
#define QUEMSI_FAULTS_RECORDER_H

#include <stdint.h>

enum record_kind {
  RECORD_CREATE = 1,    /* a new, empty file */
  RECORD_FOLDER = 2,    /* a new folder */
  RECORD_WRITE = 3,     /* data at `offset` */
  RECORD_SIZE = 4,      /* the file has `offset` bytes from now on */
  RECORD_RENAME = 5,    /* path to other */
  RECORD_LINK = 6,      /* other is path, too */
  RECORD_REMOVE = 7,    /* file or folder */
  RECORD_SYNC = 8,      /* of a file's bytes */
  RECORD_SYNC_NAMES = 9 /* of a folder */
};

/* Followed by the path, then by data or the other path. */
struct record {
  uint32_t kind;
  uint32_t path_length;
  uint64_t inode; /* of the file that is written, sized or synced */
  uint64_t offset;
  uint64_t more_length;
};

#endif

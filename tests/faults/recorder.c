/* Preloaded into everything that a test starts; acts in git-quemsi only, and only on files below
   the test's folder. Writes down what it changes there and what it syncs, with the bytes, in the
   order in which it happens.

     QUEMSI_RECORD       the file to append to
     QUEMSI_RECORD_ROOT  files below it count */
#define _GNU_SOURCE
#include "recorder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int log_file = -1;
static char root[PATH_MAX];
static size_t root_length;

__attribute__((constructor)) static void start(void) {
  const char* file = getenv("QUEMSI_RECORD");
  const char* below = getenv("QUEMSI_RECORD_ROOT");
  char name[32] = "";
  const int comm = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
  const ssize_t length = comm < 0 ? -1 : read(comm, name, sizeof name - 1);
  if (comm >= 0) close(comm);
  if (length <= 0 || strncmp(name, "git-quemsi\n", 12) != 0) return;
  if (file == NULL || below == NULL) return;
  root_length = (size_t)snprintf(root, sizeof root, "%s", below);
  log_file = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int is_below_root(const char* path) {
  return log_file >= 0 && strncmp(path, root, root_length) == 0 &&
         (path[root_length] == '/' || path[root_length] == '\0');
}

/* Whole, or the test sees that the log is cut. */
static void put(struct record record, const char* path, const void* more) {
  struct iovec parts[3] = {{&record, sizeof record},
                           {(void*)path, record.path_length},
                           {(void*)more, record.more_length}};
  syscall(SYS_writev, log_file, parts, 3);
}

static int path_at(int folder, const char* name, char* path) {
  char base[PATH_MAX];
  if (log_file < 0) return 0;
  if (name[0] == '/') {
    snprintf(path, PATH_MAX, "%s", name);
    return is_below_root(path);
  }
  char link[64] = "/proc/self/cwd";
  if (folder != AT_FDCWD) snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  const ssize_t length = readlink(link, base, sizeof base - 1);
  if (length < 0) return 0;
  base[length] = '\0';
  snprintf(path, PATH_MAX, "%.2000s/%.2000s", base, name);
  return is_below_root(path);
}

static void put_name(enum record_kind kind, int folder, const char* name) {
  const int saved = errno;
  char path[PATH_MAX];
  struct stat info;
  if (path_at(folder, name, path)) {
    const uint64_t inode = lstat(path, &info) == 0 ? info.st_ino : 0;
    put((struct record){kind, (uint32_t)strlen(path), inode, 0, 0}, path, NULL);
  }
  errno = saved;
}

static void put_two(enum record_kind kind, int from_folder, const char* from, int to_folder,
                    const char* to) {
  const int saved = errno;
  char path[PATH_MAX];
  char other[PATH_MAX];
  if (path_at(from_folder, from, path) && path_at(to_folder, to, other)) {
    put((struct record){kind, (uint32_t)strlen(path), 0, 0, strlen(other)}, path, other);
  }
  errno = saved;
}

static int path_of_fd(int fd, char* path) {
  char link[64];
  if (log_file < 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return is_below_root(path);
}

/* No descriptor is opened for it: closing one would drop the locks that the process has on the
   file. */
static void put_bytes(int fd, const void* bytes, off_t at, ssize_t size) {
  const int saved = errno;
  char path[PATH_MAX];
  struct stat info;
  if (size > 0 && path_of_fd(fd, path) && fstat(fd, &info) == 0) {
    put((struct record){RECORD_WRITE, (uint32_t)strlen(path), info.st_ino, (uint64_t)at,
                        (uint64_t)size},
        path, bytes);
  }
  errno = saved;
}

/* What was copied from another file. */
static void put_copied(int from, off_t from_at, int fd, off_t at, ssize_t size) {
  const int saved = errno;
  char* bytes = log_file >= 0 && size > 0 ? malloc((size_t)size) : NULL;
  if (bytes != NULL && pread(from, bytes, (size_t)size, from_at) == size) {
    put_bytes(fd, bytes, at, size);
  }
  free(bytes);
  errno = saved;
}

static void put_pieces(int fd, const struct iovec* parts, int count, off_t at, ssize_t size) {
  for (int i = 0; log_file >= 0 && i < count && size > 0; ++i) {
    const ssize_t part = (ssize_t)parts[i].iov_len < size ? (ssize_t)parts[i].iov_len : size;
    put_bytes(fd, parts[i].iov_base, at, part);
    at += part;
    size -= part;
  }
}

static void put_fd(enum record_kind kind, int fd, off_t offset) {
  const int saved = errno;
  char path[PATH_MAX];
  struct stat info;
  if (path_of_fd(fd, path) && fstat(fd, &info) == 0) {
    if (kind == RECORD_SYNC && S_ISDIR(info.st_mode)) kind = RECORD_SYNC_NAMES;
    if (kind == RECORD_SIZE) offset = info.st_size;
    put((struct record){kind, (uint32_t)strlen(path), info.st_ino, (uint64_t)offset, 0}, path,
        NULL);
  }
  errno = saved;
}

#define NEXT(name)                      \
  static __typeof__(&name) next_##name; \
  if (next_##name == NULL) next_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* -- bytes ------------------------------------------------------------------ */

static off_t position(int fd, ssize_t written) { return lseek(fd, 0, SEEK_CUR) - written; }

#define WRITER(name, parameters, arguments, record) \
  ssize_t name parameters {                         \
    NEXT(name);                                     \
    const ssize_t done = next_##name arguments;     \
    if (log_file >= 0 && done > 0) record;          \
    return done;                                    \
  }

WRITER(write, (int fd, const void* bytes, size_t size), (fd, bytes, size),
       put_bytes(fd, bytes, position(fd, done), done))
WRITER(pwrite, (int fd, const void* bytes, size_t size, off_t at), (fd, bytes, size, at),
       put_bytes(fd, bytes, at, done))
WRITER(pwrite64, (int fd, const void* bytes, size_t size, off64_t at), (fd, bytes, size, at),
       put_bytes(fd, bytes, at, done))
WRITER(writev, (int fd, const struct iovec* parts, int count), (fd, parts, count),
       put_pieces(fd, parts, count, position(fd, done), done))
WRITER(pwritev, (int fd, const struct iovec* parts, int count, off_t at), (fd, parts, count, at),
       put_pieces(fd, parts, count, at, done))
WRITER(pwritev64, (int fd, const struct iovec* parts, int count, off64_t at),
       (fd, parts, count, at), put_pieces(fd, parts, count, at, done))

ssize_t copy_file_range(int from, off64_t* from_at, int fd, off64_t* at, size_t size,
                        unsigned flags) {
  NEXT(copy_file_range);
  const off_t read_at = from_at != NULL ? *from_at : lseek(from, 0, SEEK_CUR);
  const off_t write_at = at != NULL ? *at : lseek(fd, 0, SEEK_CUR);
  const ssize_t done = next_copy_file_range(from, from_at, fd, at, size, flags);
  put_copied(from, read_at, fd, write_at, done);
  return done;
}

static void put_clone(int from, int fd) {
  struct stat info;
  if (fstat(from, &info) == 0) put_copied(from, 0, fd, 0, info.st_size);
}

int ioctl(int fd, unsigned long request, ...) {
  NEXT(ioctl);
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  const int result = next_ioctl(fd, request, argument);
  if (request == FICLONE && result == 0) put_clone((int)(intptr_t)argument, fd);
  return result;
}

#define ON_FD(name, parameters, arguments, kind, offset) \
  int name parameters {                                  \
    NEXT(name);                                          \
    const int result = next_##name arguments;            \
    if (result == 0) put_fd(kind, fd, offset);           \
    return result;                                       \
  }

ON_FD(fsync, (int fd), (fd), RECORD_SYNC, 0)
ON_FD(fdatasync, (int fd), (fd), RECORD_SYNC, 0)
ON_FD(ftruncate, (int fd, off_t size), (fd, size), RECORD_SIZE, size)
ON_FD(ftruncate64, (int fd, off64_t size), (fd, size), RECORD_SIZE, size)
ON_FD(fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size), RECORD_SIZE, size)
ON_FD(fallocate64, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size), RECORD_SIZE,
      size)
ON_FD(posix_fallocate, (int fd, off_t at, off_t size), (fd, at, size), RECORD_SIZE, size)
ON_FD(posix_fallocate64, (int fd, off64_t at, off64_t size), (fd, at, size), RECORD_SIZE, size)

/* -- names ------------------------------------------------------------------ */

int rename(const char* from, const char* to) {
  NEXT(rename);
  const int result = next_rename(from, to);
  if (result == 0) put_two(RECORD_RENAME, AT_FDCWD, from, AT_FDCWD, to);
  return result;
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  NEXT(renameat);
  const int result = next_renameat(from_folder, from, to_folder, to);
  if (result == 0) put_two(RECORD_RENAME, from_folder, from, to_folder, to);
  return result;
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  NEXT(renameat2);
  const int result = next_renameat2(from_folder, from, to_folder, to, flags);
  if (result == 0) put_two(RECORD_RENAME, from_folder, from, to_folder, to);
  return result;
}

int link(const char* from, const char* to) {
  NEXT(link);
  const int result = next_link(from, to);
  if (result == 0) put_two(RECORD_LINK, AT_FDCWD, from, AT_FDCWD, to);
  return result;
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  NEXT(linkat);
  const int result = next_linkat(from_folder, from, to_folder, to, flags);
  if (result == 0) put_two(RECORD_LINK, from_folder, from, to_folder, to);
  return result;
}

#define REMOVER(name, parameters, arguments, folder)         \
  int name parameters {                                      \
    NEXT(name);                                              \
    const int result = next_##name arguments;                \
    if (result == 0) put_name(RECORD_REMOVE, folder, which); \
    return result;                                           \
  }

REMOVER(unlink, (const char* which), (which), AT_FDCWD)
REMOVER(unlinkat, (int at, const char* which, int flags), (at, which, flags), at)
REMOVER(remove, (const char* which), (which), AT_FDCWD)
REMOVER(rmdir, (const char* which), (which), AT_FDCWD)

int mkdir(const char* name, mode_t mode) {
  NEXT(mkdir);
  const int result = next_mkdir(name, mode);
  if (result == 0) put_name(RECORD_FOLDER, AT_FDCWD, name);
  return result;
}

char* mkdtemp(char* name) {
  NEXT(mkdtemp);
  char* result = next_mkdtemp(name);
  if (result != NULL) put_name(RECORD_FOLDER, AT_FDCWD, result);
  return result;
}

#define TEMPORARY(name, parameters, arguments)                   \
  int name parameters {                                          \
    NEXT(name);                                                  \
    const int result = next_##name arguments;                    \
    if (result >= 0) put_name(RECORD_CREATE, AT_FDCWD, pattern); \
    return result;                                               \
  }
TEMPORARY(mkstemp, (char* pattern), (pattern))
TEMPORARY(mkstemp64, (char* pattern), (pattern))
TEMPORARY(mkostemp, (char* pattern, int flags), (pattern, flags))
TEMPORARY(mkostemp64, (char* pattern, int flags), (pattern, flags))

static void opened(int fd, int folder, const char* name, int flags, int was_there) {
  if (fd < 0 || log_file < 0) return;
  if ((flags & O_CREAT) && !was_there) put_name(RECORD_CREATE, folder, name);
  if ((flags & O_TRUNC) && was_there) put_fd(RECORD_SIZE, fd, 0);
}

#define OPENER(function, parameters, arguments, folder)                          \
  int function parameters {                                                      \
    NEXT(function);                                                              \
    va_list more;                                                                \
    va_start(more, flags);                                                       \
    const mode_t mode = va_arg(more, mode_t);                                    \
    va_end(more);                                                                \
    const int was_there = log_file < 0 || faccessat(folder, name, F_OK, 0) == 0; \
    const int fd = next_##function arguments;                                    \
    opened(fd, folder, name, flags, was_there);                                  \
    return fd;                                                                   \
  }
OPENER(open, (const char* name, int flags, ...), (name, flags, mode), AT_FDCWD)
OPENER(open64, (const char* name, int flags, ...), (name, flags, mode), AT_FDCWD)
OPENER(openat, (int at, const char* name, int flags, ...), (at, name, flags, mode), at)
OPENER(openat64, (int at, const char* name, int flags, ...), (at, name, flags, mode), at)

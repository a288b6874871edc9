/* Loaded into git and git-quemsi where a test may not become another user: whatever lies on the disk
   is somebody else's then. */
#include <sys/types.h>

uid_t geteuid(void);

uid_t geteuid(void) { return 54321; }

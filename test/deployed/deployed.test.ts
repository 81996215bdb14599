import { codeCacheContract } from './code-cache.contract.ts';
import { eventContract } from './events.contract.ts';
import { freezingContract } from './freezing.contract.ts';
import { limitContract } from './limits.contract.ts';
import { permissionContract, unusedPermissionContract } from './permissions.contract.ts';
import { requestContract } from './requests.contract.ts';
import { assembledForTests } from './support/assembly.ts';
import { onSmallServer } from './support/s3-place.ts';
import { upkeepContract } from './upkeep.contract.ts';

assembledForTests();
requestContract(onSmallServer(), 6 << 20);
eventContract(onSmallServer());
freezingContract(onSmallServer());
limitContract(onSmallServer());
upkeepContract();
codeCacheContract(onSmallServer());
permissionContract();
unusedPermissionContract();

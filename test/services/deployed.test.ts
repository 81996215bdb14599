import { eventContract, realWikiContract } from '../deployed/events.contract.ts';
import { freezingContract, longFreezingContract } from '../deployed/freezing.contract.ts';
import { limitContract, lostAnswerContract } from '../deployed/limits.contract.ts';
import { permissionContract } from '../deployed/permissions.contract.ts';
import { largeFileContract, requestContract } from '../deployed/requests.contract.ts';
import { assembledForTests } from '../deployed/support/assembly.ts';
import { onCeph } from '../deployed/support/s3-place.ts';

assembledForTests();
requestContract(onCeph);
largeFileContract(onCeph, 20 << 20);
eventContract(onCeph);
realWikiContract(onCeph);
freezingContract(onCeph);
limitContract(onCeph);
lostAnswerContract(onCeph);
longFreezingContract(onCeph);
permissionContract();

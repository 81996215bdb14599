import { realWikiContract } from './events.contract.ts';
import { lostAnswerContract } from './limits.contract.ts';
import { permissionContract } from './permissions.contract.ts';
import { largeFileContract } from './requests.contract.ts';
import { assembledForTests } from './support/assembly.ts';
import { onSmallServer } from './support/s3-place.ts';

assembledForTests();
largeFileContract(onSmallServer(), 20 << 20);
realWikiContract(onSmallServer());
lostAnswerContract(onSmallServer());
permissionContract(['api', 'project', 'import']);

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {Claims} from "./Claims.sol";
import {Escrows} from "./Escrows.sol";
import {Payments} from "./Payments.sol";

/// @notice Pays capsules: escrow of offers, exact 40/30/20/10 legs, claims of any number of beneficiaries.
/// @dev Its parts are abstract contracts: `Payments`, `Escrows`, `Claims`.
contract SettlementRouter is Escrows, Claims {
    /// @param capsules the paid capsules, their shares and their earners
    /// @param terms the offers to hold escrow for
    /// @param commons earns the platform's part
    /// @param admin first holder of the admin role; the timelock holds it in the end
    constructor(
        ICapsuleRegistry capsules,
        ITermsRegistry terms,
        address commons,
        address admin
    ) Payments(capsules) Escrows(terms) Claims(commons) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }
}
